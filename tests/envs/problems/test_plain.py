"""Plain data survives JSON with its types."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envs.problems.plain import decode, encode, key, unwritable

hashable = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=5)
    | st.binary(max_size=5),
    lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3),
    max_leaves=5,
)
plain = st.recursive(
    hashable,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner)
        | st.sets(hashable, max_size=3)
        | st.dictionaries(hashable, inner, max_size=3)
        | st.dictionaries(st.sampled_from(["$tuple", "$set", "a"]), inner, max_size=2)
    ),
    max_leaves=12,
)


def same(one, other):
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return one == other and all(same(one[name], other[name]) for name in one)
    return one == other


@given(plain)
def test_plain_data_comes_back_with_its_types(value):
    text = json.dumps(encode(value))
    assert same(decode(json.loads(text)), value)


@given(plain)
def test_equal_keys_mean_equal_values(value):
    assert key(value) == key(decode(encode(value)))


@pytest.mark.parametrize(("one", "other"), [(1, True), (1, 1.0), ([1], (1,)), ({1}, frozenset({1})), ("1", b"1")])
def test_values_that_look_alike_have_different_keys(one, other):
    assert key(one) != key(other)


def test_infinite_and_missing_numbers_survive():
    assert decode(encode([math.inf, -math.inf])) == [math.inf, -math.inf]
    assert math.isnan(decode(encode(math.nan)))


@pytest.mark.parametrize("value", [object(), 1j, [print], {"a": object}])
def test_other_objects_are_refused_by_their_type(value):
    with pytest.raises(ValueError, match="is not plain data"):
        encode(value)


@pytest.mark.parametrize(
    "value",
    [{"$tuple": 3}, {"$bytes": "xy"}, {"$float": "1"}, {"$dict": [[1]]}, {"$set": [[1]]}, {"$call": "f"}],
)
def test_a_damaged_mark_is_refused(value):
    with pytest.raises(ValueError, match="is not plain data"):
        decode(value)


def test_the_order_of_a_dictionary_does_not_change_its_key():
    assert key({"a": 1, "b": 2}) == key({"b": 2, "a": 1})
    assert key({1: "a", (2,): "b"}) == key({(2,): "b", 1: "a"})


def test_zeros_of_either_sign_have_one_key():
    assert key([(-0.0,), {-0.0, -1.0}, {-0.0: -0.0}]) == key([(0.0,), {0.0, -1.0}, {0.0: 0.0}])
    assert math.copysign(1, decode(encode([-0.0]))[0]) == -1


def test_an_int_that_is_too_long_for_json_has_a_key():
    long = 10**5000
    assert key({"a": {long, -long}}) == key({"a": {-long, long}})
    assert len({key(value) for value in (long, -long, long + 1, hex(long), {"$int": hex(long)})}) == 5
    assert key(10**4300 - 1) == "9" * 4300


def test_what_no_file_can_hold_is_told():
    assert "more than 4,300 digits" in unwritable([10**4300])
    assert "a complex is not plain data" in unwritable(1j)
    assert unwritable([10**4300 - 1, {"$int": '{"$int":'}]) is None
