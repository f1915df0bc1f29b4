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


def encode(value: Plain) -> Any:
    """The value in JSON's own types."""
    kind = type(value)
    if kind in (bool, int, str) or value is None:
        return value
    if kind is float:
        return value if math.isfinite(value) else {"$float": repr(value)}
    if kind is list:
        return [encode(item) for item in value]
    if kind is tuple:
        return {"$tuple": [encode(item) for item in value]}
    if kind in (set, frozenset):
        return {_ITEMS[kind]: sorted((encode(item) for item in value), key=_text)}
    if kind is bytes:
        return {"$bytes": value.hex()}
    if kind is dict:
        if all(type(key) is str and not key.startswith("$") for key in value):
            return {key: encode(item) for key, item in value.items()}
        return {"$dict": [[encode(key), encode(item)] for key, item in value.items()]}
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
    encoded = encode(value)
    text = _text(encoded)
    return _text(_ordered(encoded)) if '"$dict"' in text else text


def _ordered(encoded: Any) -> Any:
    """The same with every `$dict` in order of its keys."""
    if type(encoded) is list:
        return [_ordered(item) for item in encoded]
    if type(encoded) is dict:
        inner = {name: _ordered(item) for name, item in encoded.items()}
        return {name: sorted(item, key=_text) if name == "$dict" else item for name, item in inner.items()}
    return encoded


def _text(encoded: Any) -> str:
    return json.dumps(encoded, separators=(",", ":"), ensure_ascii=False, sort_keys=True)
