"""How a wrong answer differs from the expected one, in words of a fixed list."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envs.repairer.differences import DIFFERENCES, differences

EXAMPLES = {
    "nothing returned": [(5, None), ([], None), ("no", None)],
    "nothing printed": [("5\n", "")],
    "one off": [(3, 4), (3, 2), (1.5, 2.5), ("3", "4"), ([1, 2], [1, 3]), ("2 7 1", "2 6 1"), ([[0], [5]], [[0], [4]])],
    "opposite": [(True, False), (5, -5), (-0.5, 0.5), ("8", "-8"), ([True, True], [True, False])],
    "larger": [(3, 9), (0.5, 0.75), ("3", "9"), ((1, 1), (1, 7)), (-4, 4)],
    "smaller": [(9, 3), (0.75, 0.5), ("1 9", "1 3"), ([7, 1], [2, 1]), (4, -4)],
    "other type": [(2, 2.0), (1, True), (1, "1"), ([1], (1,)), (None, 0), ([2.0, 1.0], [2, 1]), ([1, 2], [1, "2"])],
    "other order": [([1, 2, 3], [3, 1, 2]), ("a b", "b a"), ("abc", "acb"), ((True, False), (False, True))],
    "too long": [([1], [1, 2]), ("ab", "abc"), ({1: 1}, {1: 1, 2: 2}), ({1}, {1, 2}), ([[1], [2]], [[1], [2, 2]])],
    "too short": [([1, 2], [1]), ("abc", "ab"), ({1}, set()), ({1: 1}, {}), ((1, "abc"), (1, "ab"))],
    "other case": [("Yes", "yes"), ("no\n", "NO\n"), (["A"], ["a"])],
    "other spaces": [("1 2\n", "1  2"), ("1\n2", "1 2"), ("1, 2", "1,2")],
}

atoms = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([0, 1, -1, 10**400, -(10**400), 1 << 53])
    | st.floats()
    | st.complex_numbers()
    | st.binary(max_size=4)
    | st.text(max_size=6)
    | st.text("-05²٣ aA\n", max_size=8)
)
keys = st.integers(0, 3) | st.text("ab", max_size=2) | st.tuples(st.booleans())
plain = st.recursive(
    atoms,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.sets(keys, max_size=3)
        | st.frozensets(keys, max_size=3)
        | st.dictionaries(keys, inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(("word", "pairs"), EXAMPLES.items())
def test_each_word_means_what_it_says(word, pairs):
    for expected, got in pairs:
        assert word in differences(expected, got), (expected, got)


def test_there_is_an_example_of_each_word():
    assert set(EXAMPLES) == set(DIFFERENCES)
    assert len(DIFFERENCES) == len(set(DIFFERENCES))


@settings(max_examples=200, deadline=None)
@given(plain, plain)
def test_any_two_values_can_be_compared_and_every_word_is_known(expected, got):
    assert set(differences(expected, got)) <= set(DIFFERENCES)
    assert set(differences([expected], [got])) <= set(DIFFERENCES)


@settings(max_examples=100, deadline=None)
@given(st.integers() | st.floats(allow_nan=False), st.integers() | st.floats(allow_nan=False))
def test_of_two_numbers_one_is_larger_unless_they_are_equal(expected, got):
    words = list(differences(expected, got))
    assert ("larger" in words) == (got > expected)
    assert ("smaller" in words) == (got < expected)
    assert ("other type" in words) == (type(expected) is not type(got))


@pytest.mark.parametrize(("expected", "got"), [(2.0, 2), (True, 1), ([1.0], [1]), ([0, 1], [False, True])])
def test_values_that_only_their_types_tell_apart_differ_in_nothing_else(expected, got):
    assert list(differences(expected, got)) == ["other type"]


@pytest.mark.parametrize("text", ["²", "--3", "-", "٣", "1²", "9" * 5000, "-" * 3 + "1", "½", "Ⅷ"])
def test_texts_that_look_like_numbers_do_no_harm(text):
    for one, other in (("5", text), (text, "5"), (f"1 {text}", "1 5")):
        assert set(differences(one, other)) <= set(DIFFERENCES)


@pytest.mark.parametrize(("one", "other"), [(10**400, 1.5), (10**400, float("inf")), (10**400, float("nan"))])
def test_numbers_too_large_for_a_float_can_be_compared_with_one(one, other):
    assert "other type" in differences(one, other)
    assert "other type" in differences(other, one)


def test_only_the_first_part_that_differs_counts():
    assert list(differences([1, 5, "a"], [1, 6, "A"])) == ["one off", "larger"]


def test_where_nothing_fits_there_is_no_word():
    assert list(differences({1: 2}, {1: 3})) == []
    assert list(differences(b"a", b"b")) == []
