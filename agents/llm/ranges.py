"""Which numbers a setting may be.

Promises: what is no number where one is wanted, what is not finite, and what is out of its range is a ValueError that
names the setting as it is written. Does not promise that numbers which are allowed go well together.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import fields
from numbers import Integral, Real
from typing import Any

KINDS: dict[str, tuple[Any, str]] = {"int": (Integral, "a whole number"), "float": (Real, "a finite number")}
FITS: dict[str, Callable[[float], bool]] = {
    "1 or more": lambda value: value >= 1,
    "0 or more": lambda value: value >= 0,
    "a number above 0": lambda value: value > 0,
}
Ranges = Mapping[str, Collection[str]]
"""One of FITS -> the names of settings that must fit."""


def check_numbers(settings: Any, where: str, ranges: Ranges, limits: Collection[str] = ()) -> None:
    """Refuses a dataclass of settings in which a number is wrong; of `limits`, infinity is one that limits nothing."""
    for each in fields(settings):
        kind, _, other = str(each.type).partition(" | ")
        value = getattr(settings, each.name)
        if kind not in KINDS or (value is None and other == "None"):
            continue
        number, wanted = KINDS[kind]
        fits = isinstance(value, number) and (math.isfinite(value) or (value == math.inf and each.name in limits))
        for needed, names in ranges.items():
            if fits and each.name in names:
                fits, wanted = FITS[needed](value), needed
        if not fits:
            raise ValueError(f"{where}.{each.name}: {value!r}; give {wanted}")
