"""Plain data as JSON and back: what JSON lacks is written as an object with one key that begins with `$`.

`{"$tuple": [...]}`, `{"$set": [...]}`, `{"$frozenset": [...]}`, `{"$bytes": "hex"}`, `{"$float": "nan"}` and
`{"$dict": [[key, value], ...]}` for a dictionary whose keys are not all strings or begin with `$`.

Promises: `decode(encode(x))` equals `x` with the same types, and equal sets give equal text in every process.
Does not promise to carry anything else: another type is a ValueError.
"""

import json
import math
from typing import Any

Plain = Any
"""None, bool, int, float, str, bytes, and lists, tuples, dicts, sets, frozensets of plain data."""

_ITEMS = {tuple: "$tuple", set: "$set", frozenset: "$frozenset"}
_MAKE = {name: kind for kind, name in _ITEMS.items()}

DIGITS = 4300
"""Python writes no int of more digits, unless it is told to, and JSON readers refuse one."""
_TOO_LONG = 10**DIGITS


def encode(value: Plain) -> Any:
    """The value in JSON's own types."""
    return _encoded(value, for_key=False)


def _encoded(value: Plain, for_key: bool) -> Any:
    """What `encode` gives; for a key with -0.0 as 0.0, long ints as `$int`, and every `$dict` in order of its keys."""
    kind = type(value)
    if kind in (bool, str) or value is None:
        return value
    if kind is int:
        return {"$int": hex(value)} if for_key and abs(value) >= _TOO_LONG else value
    if kind is float:
        number = value + 0.0 if for_key else value  # -0.0 + 0.0 is 0.0
        return number if math.isfinite(value) else {"$float": repr(value)}
    if kind is list:
        return [_encoded(item, for_key) for item in value]
    if kind is tuple:
        return {"$tuple": [_encoded(item, for_key) for item in value]}
    if kind in (set, frozenset):
        return {_ITEMS[kind]: sorted((_encoded(item, for_key) for item in value), key=_text)}
    if kind is bytes:
        return {"$bytes": value.hex()}
    if kind is dict:
        if all(type(key) is str and not key.startswith("$") for key in value):
            return {key: _encoded(item, for_key) for key, item in value.items()}
        pairs = [[_encoded(key, for_key), _encoded(item, for_key)] for key, item in value.items()]
        return {"$dict": sorted(pairs, key=_text) if for_key else pairs}
    raise ValueError(
        f"a {kind.__name__} is not plain data: use None, bool, int, float, str, bytes and collections of them"
    )


def decode(value: Any) -> Plain:
    """The value that `encode` wrote."""
    if type(value) is list:
        return [decode(item) for item in value]
    if type(value) is not dict:
        return value
    if len(value) == 1:
        [(mark, inner)] = value.items()
        if mark.startswith("$"):
            return _marked(mark, inner)
    return {key: decode(item) for key, item in value.items()}


def _marked(mark: str, inner: Any) -> Plain:
    try:
        if mark in _MAKE:
            return _MAKE[mark](decode(item) for item in inner)
        if mark == "$bytes":
            return bytes.fromhex(inner)
        if mark == "$float" and inner in ("nan", "inf", "-inf"):
            return float(inner)
        if mark == "$dict":
            return {decode(key): decode(item) for key, item in inner}
    except (TypeError, ValueError):
        pass
    marks = "$tuple $set $frozenset $bytes $float $dict"
    raise ValueError(f'{{"{mark}": {str(inner)[:60]!r}}} is not plain data; the marks are {marks}')


def key(value: Plain) -> str:
    """A text that is the same exactly for equal values of equal types; the order of a dictionary is
    nothing.
    """
    return _text(_encoded(value, for_key=True))


def unwritable(value: Any) -> str | None:
    """Why no file can hold a value as JSON; None when one can."""
    try:
        text = key(value)
    except ValueError as error:
        return str(error)
    return f"an int has more than {DIGITS:,} digits; make it smaller" if '{"$int":' in text else None


def _text(encoded: Any) -> str:
    return json.dumps(encoded, separators=(",", ":"), ensure_ascii=False, sort_keys=True)
