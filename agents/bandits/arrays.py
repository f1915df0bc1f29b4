"""Arrays as JSON, exact to the last bit.

Promises: `unpack(pack(array))` equals the array bit for bit, on machines of any byte order.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np

from agents.bandits.bandit import Vector


def pack(array: Vector) -> dict[str, Any]:
    """A float array as its shape and the base64 text of its little-endian bytes."""
    data = base64.b64encode(np.ascontiguousarray(array, "<f8").tobytes()).decode()
    return {"shape": list(array.shape), "float64": data}


def unpack(packed: Mapping[str, Any]) -> Vector:
    """The array that `pack` was given."""
    flat = np.frombuffer(base64.b64decode(packed["float64"]), "<f8")
    return flat.astype(float).reshape(packed["shape"])
