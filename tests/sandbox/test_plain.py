"""Plain data crosses the wall whole, and nothing else crosses it."""

from __future__ import annotations

import math
import time
from collections import Counter, OrderedDict, deque, namedtuple
from collections.abc import Callable
from enum import IntEnum
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.inside import plain

ATOMS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters())
    | st.binary()
    | st.complex_numbers(allow_nan=False)
)
HASHABLE = st.recursive(ATOMS, lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=4), max_leaves=6)
VALUES = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.tuples(inner, inner)
        | st.dictionaries(HASHABLE, inner, max_size=4)
        | st.sets(HASHABLE, max_size=4)
    ),
    max_leaves=20,
)


def _same(one: object, other: object) -> bool:
    return plain.canonical(one) == plain.canonical(other)


@given(VALUES)
def test_decoding_what_was_encoded_gives_the_same_value_of_the_same_types(value: object) -> None:
    again = plain.decode(plain.encode(value))
    assert again == value
    assert type(again) is type(value)
    assert _same(again, value)


@given(st.binary(max_size=200))
def test_decoding_any_bytes_gives_plain_data_or_not_plain(data: bytes) -> None:
    try:
        value = plain.decode(data)
    except plain.NotPlain:
        return
    plain.encode(value)


@pytest.mark.parametrize(
    "data",
    [b'{"c":[]}', b'{"c":["a",1]}', b'{"t":3}', b'{"s":[[1]]}', b'{"d":[[1,2,3]]}', b'{"z":1}', b"{}", b'{"i":"xyz"}',
     b'{"i":5}', b"[" * 100_000, b'{"t":[' * 5000, b"", b"nonsense", b'{"b":"\\u1234"}', b"9" * 10_000, b"\xff"],
)  # fmt: skip
def test_hostile_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(plain.NotPlain):
        plain.decode(data)


def test_types_are_told_apart() -> None:
    different = [1, 1.0, True, "1", b"1", [1], (1,), {1}, frozenset({1}), {1: 1}, {"1": 1}, None, 1 + 0j]
    assert len({plain.canonical(value) for value in different}) == len(different)


def test_the_order_of_dict_entries_and_the_sign_of_zero_do_not_matter() -> None:
    assert _same({"a": 1, "b": [0.0]}, {"b": [-0.0], "a": 1})
    assert _same({2: 1, (1, 2): 3}, {(1, 2): 3, 2: 1})
    assert _same(complex(-0.0, 0.0), 0j)


def test_subclasses_arrive_as_their_plain_base() -> None:
    point = namedtuple("point", "x y")
    colour = IntEnum("colour", ["RED"])
    for given_value, expected in [
        (Counter("aab"), {"a": 2, "b": 1}), (OrderedDict(a=1), {"a": 1}), (point(1, 2), (1, 2)), (colour.RED, 1),
    ]:  # fmt: skip
        assert _same(plain.decode(plain.encode(given_value)), expected)


@pytest.mark.parametrize(
    "value", [object(), len, deque([1]), range(3), (i for i in ()), type, [lambda: 1], {1: deque()}]
)
def test_what_is_not_plain_is_named(value: object) -> None:
    with pytest.raises(plain.NotPlain, match="expected plain data"):
        plain.encode(value)


def test_cycles_and_deep_nesting_are_refused() -> None:
    cycle: list[object] = []
    cycle.append(cycle)
    with pytest.raises(plain.NotPlain, match="levels"):
        plain.encode(cycle)


@pytest.mark.parametrize("bits", [1, 64, 1023, 1024, 1025, 20_000, 100_000])
def test_integers_of_any_length_travel(bits: int) -> None:
    for value in (1 << bits, -(1 << bits), (1 << bits) - 1):
        assert plain.decode(plain.encode(value)) == value


def test_special_floats_travel() -> None:
    again = plain.decode(plain.encode([math.inf, -math.inf, math.nan, 1e-320]))
    assert isinstance(again, list)
    assert again[:2] == [math.inf, -math.inf]
    assert math.isnan(again[2])
    assert again[3] == 1e-320


@pytest.mark.parametrize("nest", [lambda x: [x], lambda x: (x,), lambda x: {1: x}, lambda x: frozenset({x})])
def test_what_may_be_encoded_may_be_decoded_however_deep(nest: Callable[[Any], Any]) -> None:
    value: Any = 1 << plain.LONG_INT_BITS
    for _ in range(plain.MAX_DEPTH):
        value = nest(value)
    assert plain.decode(plain.encode(value)) == value
    with pytest.raises(plain.NotPlain, match="levels"):
        plain.encode(nest(value))


def test_texts_and_bytes_arrive_as_what_they_were() -> None:
    for value in ("\ud83d\ude00", "\N{GRINNING FACE}", "\udc80", b"\xff\0", bytearray(b"\xff\0")):
        again = plain.decode(plain.encode(value))
        assert (type(again), again) == (type(value), value)
    assert not _same("\ud83d\ude00", "\N{GRINNING FACE}")
    assert not _same(b"x", bytearray(b"x"))


def _keys_in_one_anothers_way(bits: int) -> list[int]:
    """Numbers that fill a long way through a dict's table of so many bits, then others that go all along it."""
    mask, way = (1 << bits) - 1, [12345 & ((1 << bits) - 1)]
    while len(way) < mask // 3:
        way.append((way[-1] * 5 + 1) & mask)
    filled, early = set(way), set(way[: len(way) // 4])
    found: list[int] = []
    for high in range(1, 1 << 20):
        for low in way[: len(way) // 4]:
            place, rest = low, low | high << bits
            while place in filled and rest:
                rest >>= 5
                place = (place * 5 + rest + 1) & mask
            if place in early:
                found.append(low | high << bits)
        if len(found) >= mask // 3:
            break
    return way + found[: mask // 3]


def test_keys_that_stand_in_one_anothers_way_are_refused_though_their_hashes_differ() -> None:
    keys = _keys_in_one_anothers_way(11)
    assert len(set(map(hash, keys))) == len(keys)
    for data in (f'{{"s":{keys}}}', f'{{"f":{keys}}}', f'{{"d":{[[key, 0] for key in keys]}}}'):
        with pytest.raises(plain.NotPlain, match="collide"):
            plain.decode(data.encode())


KEYS = {
    "in a row": range(-3000, 3000),
    "shifted": [number << 44 for number in range(10_000)],
    "packed": [row << 32 | column for row in range(100) for column in range(100)],
    "spread": [pow(3, number, 2**61 - 1) for number in range(5000)],
    "floats": [number / 8 for number in range(5000)],
    "texts": [str(number) for number in range(5000)],
    "tuples": [(row, column) for row in range(-50, 50) for column in range(-50, 50)],
}


@pytest.mark.parametrize("name", KEYS)
def test_many_honest_keys_travel(name: str) -> None:
    keys = list(KEYS[name])
    assert plain.decode(plain.encode(set(keys))) == set(keys)
    again = plain.decode(plain.encode(dict.fromkeys(keys)))
    assert isinstance(again, dict)
    assert list(again) == keys


@pytest.mark.parametrize("name", KEYS)
def test_the_places_foreseen_for_keys_are_those_that_the_interpreter_gives_them(name: str) -> None:
    keys = list(KEYS[name])
    hashes = [hash(key) % 2**64 for key in keys]
    at = plain.places(hashes, 1 << (2 * len(keys)).bit_length(), 9)
    assert [key for _, key in sorted(zip(at, keys, strict=True))] == list(set(dict.fromkeys(keys)))


@settings(max_examples=20)
@given(st.integers(330, 2000))
def test_many_keys_of_one_hash_are_refused(count: int) -> None:
    colliding = {"s": [1 + number * (2**61 - 1) for number in range(count + 1)]}
    with pytest.raises(plain.NotPlain, match="collide"):
        plain.decode(plain.encode(colliding["s"]).join([b'{"s":', b"}"]))


def test_honest_data_of_one_hash_travels() -> None:
    """-1 and -2 have one hash, and so have all tuples made of them."""
    grid = {(row, column): row for row in range(-20, 20) for column in range(-20, 20)}
    assert plain.decode(plain.encode(grid)) == grid
    assert plain.decode(plain.encode(set(grid))) == set(grid)


@pytest.mark.parametrize("odd", [bytearray(b"a"), range(3), ..., object(), type("Own", (int,), {})(1), [[range(3)]]])
def test_what_is_not_exactly_plain_is_known(odd: object) -> None:
    assert not plain.is_exactly_plain(odd)
    assert plain.is_exactly_plain([{"a": (1, 2.0, None)}, {1}, frozenset({b""}), 1j, True])


def test_decoding_hostile_bytes_takes_linear_time() -> None:
    """Ten times the bytes may take a little more than ten times as long, and not a hundred times."""

    def seconds(groups: int) -> float:
        group = ",".join(str(1 + number * (2**61 - 1)) for number in range(48))
        data = ("[" + ",".join(f'{{"s":[{group}]}}' for _ in range(groups)) + "]").encode()
        began = time.perf_counter()
        plain.decode(data)
        return time.perf_counter() - began

    assert min(seconds(500) for _ in range(3)) < 40 * min(seconds(50) for _ in range(3))
