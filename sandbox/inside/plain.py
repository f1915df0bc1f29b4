"""Plain data, and nothing else, crosses the wall.

Promises: `decode(encode(x))` rebuilds None, bool, int, float, complex, str, bytes, bytearray, list, tuple, dict, set
and frozenset by type; subclasses and numpy's numbers arrive as their plain base; decoding hostile bytes builds only
those types or raises `NotPlain`, in time about linear in their length. Nothing is ever unpickled or evaluated.
Does not promise: object identity (shared or cyclic structure is refused or copied), keeping more than `MAX_DEPTH`
levels of nesting, or linear time for texts as keys where PYTHONHASHSEED is fixed to what an attacker knows.

The format is JSON; an object `{tag: ...}` marks what JSON cannot say: t tuple, s set, f frozenset, d dict,
o dict whose keys are all strings, b bytes, a bytearray, c complex, i an integer too long for decimal text.
"""

from __future__ import annotations

import itertools
import json
import sys

TYPE_CHECKING = False  # typing.TYPE_CHECKING without the import of typing
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

MAX_DEPTH = 150
"""Deeper nesting is refused: both C and Python recursion stay far from their limits."""

LONG_INT_BITS = 1024
"""Longer integers travel as hexadecimal: linear to read, and free of CPython's limit on decimal digits."""

_to_json = json.JSONEncoder(separators=(",", ":"), check_circular=False, ensure_ascii=False).encode
"""Not as ASCII: there two surrogates are written as the one character that they stand for in UTF-16."""
_from_json = json.JSONDecoder(parse_constant=float).decode
"""Every NaN is an object of its own: a list that holds the very same one equals another that does."""
_UTF8 = ("utf-8", "surrogatepass")
_ATOMS = frozenset({str, float, bool, type(None)})
_SIMPLE = _ATOMS | {int, complex, bytes}
_CONTAINERS = frozenset({list, tuple, dict, set, frozenset})
_BOUND = 1 << LONG_INT_BITS
_FEW = 100
"""So many keys take no time worth mentioning, whatever their hashes."""
_STEPS, _STEPS_EACH = 10_000, 16
"""A search for the places of all keys of one table may take so many steps, and so many more for each of them."""
_ROW = 9
"""So many neighbours of a place a set looks at before it goes elsewhere; a dict looks at none."""
_WORD = (1 << 64) - 1


class NotPlain(ValueError):  # noqa: N818
    """A value that is not plain data, or bytes that do not encode any."""


def encode(value: Any) -> bytes:
    """Turns plain data into bytes; raises `NotPlain` and says which type was in the way."""
    kind = type(value)
    if kind is int and value.bit_length() < LONG_INT_BITS:  # the commonest answers, without the machinery
        return repr(value).encode()
    if kind is bool:
        return b"true" if value else b"false"
    return _to_json(_pack(value, 0)).encode(*_UTF8)


def canonical(value: object) -> bytes:
    """Bytes that are equal exactly when two values are equal and of equal types throughout.

    The order of dict entries does not matter, 0.0 equals -0.0, and NaN is the caller's business (`has_nan`).
    """
    return _to_json(_pack(value, 0, ordered=True)).encode(*_UTF8)


def decode(data: bytes) -> object:
    """Rebuilds the value by type; raises `NotPlain` for anything that `encode` would not have written."""
    try:
        return _unpack(_from_json(data.decode(*_UTF8)), 0)
    except NotPlain:
        raise
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, OverflowError) as error:
        raise NotPlain(f"expected encoded plain data, got {data[:40]!r} ({type(error).__name__}: {error})") from None


def has_nan(data: bytes) -> bool:
    """Whether encoded data may hold a NaN (a string that spells it counts, which only costs a slower comparison)."""
    return b"NaN" in data or b'{"c":' in data


def is_exactly_plain(value: Any) -> bool:
    """Whether all of a value is of the plain types themselves, no subclass among them."""
    if type(value) in _SIMPLE or (type(value) in (tuple, list) and set(map(type, value)) <= _SIMPLE):
        return True
    waiting, seen = [value], set()
    while waiting:
        each = waiting.pop()
        kind = type(each)
        if kind in _SIMPLE or id(each) in seen:
            continue
        if kind not in _CONTAINERS:
            return False
        seen.add(id(each))
        parts = [*each, *each.values()] if kind is dict else each
        if not set(map(type, parts)) <= _SIMPLE:
            waiting += parts
    return True


def _pack(value: Any, depth: int, ordered: bool = False) -> Any:
    kind = type(value)
    if kind in _ATOMS:
        return value + 0.0 if ordered and kind is float else value  # -0.0 + 0.0 is 0.0
    if kind is int and -_BOUND < value < _BOUND:
        return value
    if depth > MAX_DEPTH:
        raise NotPlain(f"expected plain data nested at most {MAX_DEPTH} levels deep")
    if kind is int:
        return {"i": hex(value)}
    packer = _PACKERS.get(kind)
    if packer is not None:
        return packer(value, depth + 1, ordered)
    for base, base_packer in _BASES:
        if issubclass(kind, base):
            return base_packer(value, depth + 1, ordered)
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.number | numpy.bool_) and kind is not numpy.timedelta64:
        item = value.item()
        if type(item) in (bool, int, float, complex):  # a longdouble is none
            return _pack(item, depth + 1, ordered)
    raise NotPlain(f"expected plain data (numbers, strings, lists, ...), got {kind.__module__}.{kind.__qualname__}")


def _items(values: list[Any], depth: int, ordered: bool) -> list[Any]:
    kinds = set(map(type, values))
    if kinds <= _ATOMS and not (ordered and float in kinds):
        return values
    if kinds == {int} and min(values) > -_BOUND and max(values) < _BOUND:
        return values
    return [_pack(value, depth, ordered) for value in values]


def _pack_list(value: Any, depth: int, ordered: bool) -> list[Any]:
    return _items(list(value), depth, ordered)


def _pack_tuple(value: Any, depth: int, ordered: bool) -> dict[str, Any]:
    return {"t": _items(list(value), depth, ordered)}


def _pack_set(value: Any, depth: int, ordered: bool) -> dict[str, Any]:
    tag = "f" if isinstance(value, frozenset) else "s"
    return {tag: sorted(_items(list(value), depth, ordered), key=_to_json)}


def _pack_dict(value: Any, depth: int, ordered: bool) -> dict[str, Any]:
    keys = list(dict.keys(value))
    values = _items(list(dict.values(value)), depth, ordered)
    if set(map(type, keys)) <= {str}:
        named = zip(keys, values, strict=True)
        return {"o": dict(sorted(named) if ordered else named)}
    pairs = [list(pair) for pair in zip(_items(keys, depth, ordered), values, strict=True)]
    return {"d": sorted(pairs, key=_to_json) if ordered else pairs}


def _pack_bytes(value: Any, depth: int, ordered: bool) -> dict[str, str]:
    return {"b": bytes(value).decode("latin-1")}


def _pack_bytearray(value: Any, depth: int, ordered: bool) -> dict[str, str]:
    return {"a": value.decode("latin-1")}


def _pack_complex(value: Any, depth: int, ordered: bool) -> dict[str, list[str]]:
    value = value + 0j if ordered else value
    return {"c": [float.hex(value.real), float.hex(value.imag)]}


def _pack_int(value: Any, depth: int, ordered: bool) -> Any:
    return _pack(int.__index__(value), depth, ordered)


def _pack_float(value: Any, depth: int, ordered: bool) -> Any:
    return _pack(float.__add__(value, 0.0) if ordered else float.__pos__(value), depth, ordered)


def _pack_str(value: Any, depth: int, ordered: bool) -> str:
    return str.__str__(value) if type(value) is str else "".join(str.__iter__(value))


_PACKERS: dict[type, Callable[[Any, int, bool], Any]] = {
    list: _pack_list,
    tuple: _pack_tuple,
    dict: _pack_dict,
    set: _pack_set,
    frozenset: _pack_set,
    bytes: _pack_bytes,
    bytearray: _pack_bytearray,
    complex: _pack_complex,
}
_BASES = ((int, _pack_int), (float, _pack_float), (str, _pack_str), *_PACKERS.items())


def _unpack(packed: Any, depth: int) -> Any:
    kind = type(packed)
    if kind is list:
        return _unpack_list(packed, depth)
    if kind is not dict:
        return packed
    ((tag, body),) = packed.items()
    if depth > MAX_DEPTH:
        raise NotPlain(f"expected at most {MAX_DEPTH} levels of nesting")
    return _UNPACKERS[tag](body, depth)


def _unpack_list(body: Any, depth: int) -> list[Any]:
    if type(body) is not list:
        raise NotPlain(f"expected a list, got {type(body).__name__}")
    if depth > MAX_DEPTH:
        raise NotPlain(f"expected at most {MAX_DEPTH} levels of nesting")
    if list not in (kinds := set(map(type, body))) and dict not in kinds:
        return body
    return [_unpack(item, depth + 1) for item in body]


def _unpack_set(body: Any, depth: int) -> dict[Any, None] | list[Any]:
    """What a set, or a frozenset, is made of. From a dict it becomes one table, of a size that is known before."""
    items = _unpack_list(body, depth)
    if len(items) <= _FEW:
        return items
    places(_hashes_for_dict(items), 1 << (2 * len(items)).bit_length(), _ROW)
    return dict.fromkeys(items)


def _unpack_dict(body: Any, depth: int) -> dict[Any, Any]:
    keys = [_unpack(key, depth + 1) for key, _ in body]
    if len(keys) > _FEW:
        _hashes_for_dict(keys)
    return dict(zip(keys, (_unpack(value, depth + 1) for _, value in body), strict=True))


def _hashes_for_dict(keys: list[Any]) -> list[int]:
    """The keys' hashes, after a look at each table that a dict of them goes through while it grows."""
    hashes = [hash(key) & _WORD for key in keys]
    ordered = sorted(hashes)
    if any(map(int.__eq__, ordered, ordered[1:])):
        _refuse_twins(keys, hashes)
    size = 8
    while size * 2 // 3 < len(keys):
        size *= 2
    while size > _FEW:
        places(hashes[: size * 2 // 3], size, 0)
        size //= 2
    return hashes


def _refuse_twins(keys: list[Any], hashes: list[int]) -> None:
    """One key that comes twice makes the tables smaller than they seem; many keys of one hash take long to compare.

    Honest data has some of one hash: -1 and -2 have, so all tuples of them and of the same length have.
    """
    left = _STEPS + _STEPS_EACH * len(keys)
    for _, group in itertools.groupby(sorted(range(len(keys)), key=hashes.__getitem__), hashes.__getitem__):
        alike = [keys[number] for number in group]
        left -= len(alike) * (len(alike) - 1)
        if left < 0 or any(one == other for one, other in itertools.combinations(alike, 2)):
            raise NotPlain(f"expected distinct items of distinct hashes, got {len(keys)} items of which many collide")


def places(hashes: list[int], size: int, row: int) -> list[int]:
    """Where in CPython's hash table of a size each key comes to lie; raises `NotPlain` if that takes many steps.

    Numbers and tuples can be chosen such that each meets nearly all others on its way, though no hash is that of
    another: quadratic time, and a way to stop the trusted side. Once a hash is used up, all go one and the same way,
    and only those steps are counted: honest data has few of them.
    """
    taken, mask, left = bytearray(size), size - 1, _STEPS + _STEPS_EACH * len(hashes)
    found = []
    for rest in hashes:
        place = rest & mask
        while taken[place]:
            if row and place + row <= mask and (near := taken.find(0, place, place + row + 1)) >= 0:
                place = near
                break
            if rest:
                rest >>= 5
            else:
                left -= 1
            place = (place * 5 + rest + 1) & mask
        if left < 0:
            raise NotPlain(f"expected items that spread in a table, got {len(hashes)} of which many collide")
        taken[place] = 1
        found.append(place)
    return found


_UNPACKERS: dict[str, Callable[[Any, int], Any]] = {
    "t": lambda body, depth: tuple(_unpack_list(body, depth)),
    "s": lambda body, depth: set(_unpack_set(body, depth)),
    "f": lambda body, depth: frozenset(_unpack_set(body, depth)),
    "d": _unpack_dict,
    "o": lambda body, depth: {key: _unpack(value, depth + 1) for key, value in body.items()},
    "b": lambda body, depth: body.encode("latin-1"),
    "a": lambda body, depth: bytearray(body, "latin-1"),
    "c": lambda body, depth: complex(float.fromhex(body[0]), float.fromhex(body[1])),
    "i": lambda body, depth: int(body, 16),
}
