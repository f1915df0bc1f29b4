"""What a script reads and prints, brought into one form.

Promises: a text that is not empty ends with a line end, which no script minds and no comparison sees; all else stays.
Does not promise that the script accepts it.
"""

from __future__ import annotations

import json
from typing import Any

from envs.text.found import ReadError, quote
from envs.text.literals import checked


def script_text(value: Any) -> str:
    """What a script reads or prints: a text that ends with a line end; a list is taken as its lines."""
    if isinstance(value, list) and all(isinstance(line, str | int | float) for line in value):
        value = "\n".join(map(_shown, value))
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ReadError(f"{quote(_json(value))} is not a text; write what the script reads and prints as strings")
    text = str(checked(_shown(value)))
    return text if not text or text.endswith("\n") else text + "\n"


def _shown(value: str | int | float) -> str:
    return value if isinstance(value, str) else str(checked(value))


def _json(value: Any) -> str:
    try:
        return json.dumps(value)
    except (ValueError, TypeError, RecursionError):
        return str(type(value).__name__)
