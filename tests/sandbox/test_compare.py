"""The comparison ladder, rung by rung."""

from __future__ import annotations

import math

import pytest

from sandbox import Call, Equal, Exact, Floats, Lines, Outcome, Stdin, Tokens, Unordered
from sandbox.compare import Comparison
from sandbox.inside import plain


def _value(comparison: Comparison, expected: object, got: object) -> bool:
    return comparison.matches(Call((), expected=expected), Outcome(None, answer=plain.encode(got)))


def _text(comparison: Comparison, expected: str, got: str) -> bool:
    return comparison.matches(Stdin("", expected=expected), Outcome(None, stdout=got))


@pytest.mark.parametrize(
    ("expected", "got"),
    [(1, True), (1, 1.0), ([1], (1,)), ("1", 1), ("a", b"a"), ({1}, frozenset({1})), (0, False), (None, 0), ([], None),
     ([1, 2], [1]), ([1], [1, 2]), ({"a": 1}, {"a": True}), (math.nan, math.nan), ([math.nan], [math.nan]),
     ("\N{GRINNING FACE}", "\ud83d\ude00"), (b"x", bytearray(b"x")),
     (complex("nan"), complex("nan"))],
)  # fmt: skip
def test_exact_is_strict_about_types_and_lengths_and_nan(expected: object, got: object) -> None:
    assert not _value(Exact(), expected, got)
    assert not _value(Exact(), got, expected)


@pytest.mark.parametrize("value", [0, -1, 2**80, 1.5, "é\n", b"\0", [1, (2, {3: [4]})], {"b": 1, "a": 2}, set(), None])
def test_exact_accepts_the_same_value(value: object) -> None:
    assert _value(Exact(), value, value)


def test_exact_ignores_the_order_of_dicts_and_sets_and_the_sign_of_zero() -> None:
    assert _value(Exact(), {"a": 1, "b": 2}, {"b": 2, "a": 1})
    assert _value(Exact(), 0.0, -0.0)


def test_equal_says_what_an_assert_would_say() -> None:
    assert _value(Equal(), 1, 1.0)
    assert _value(Equal(), 1, True)
    assert not _value(Equal(), [1], (1,))
    assert not _value(Equal(), math.nan, math.nan)


def test_a_string_that_spells_nan_is_no_nan() -> None:
    assert _value(Exact(), "NaN", "NaN")


@pytest.mark.parametrize(
    ("got", "matches"),
    [("1 2\n3\n", True), ("1 2  \n3", True), ("1 2\n3\n\n\n", True), ("1  2\n3\n", False), ("1 2 3", False), ("1 2", False),
     ("1 2\n3\n4", False), (" 1 2\n3", False), ("", False)],
)  # fmt: skip
def test_lines_forgive_white_space_at_ends_only(got: str, matches: bool) -> None:
    assert _text(Lines(), "1 2\n3\n", got) is matches


def test_tokens_forgive_all_white_space_and_nothing_else() -> None:
    assert _text(Tokens(), "1 2\n3", " 1\n2 3 \n")
    assert not _text(Tokens(), "1 2 3", "1 2")
    assert not _text(Tokens(), "12", "1 2")


@pytest.mark.parametrize(
    ("expected", "got", "matches"),
    [("0.3333333333", "0.33333333", True), ("1", "1.0", True), ("1e3", "1000", True), ("0.5", "0.51", False),
     ("1 2", "1", False), ("nan", "nan", True), ("1", "nan", False), ("yes 1.0", "yes 1", True), ("yes", "no", False),
     ("10", "1_0", False), ("10000000", "10000001", False), ("-7", "-007", True), ("9" * 5000, "9" * 4999 + "8", False),
     ("10000000", "10000001.0", True)],
)  # fmt: skip
def test_floats_in_text(expected: str, got: str, matches: bool) -> None:
    assert _text(Floats(), expected, got) is matches


def test_floats_accept_an_absolute_or_a_relative_difference() -> None:
    assert _value(Floats(abs_tol=0.1, rel_tol=0.0), 1.0, 1.05)
    assert _value(Floats(abs_tol=0.0, rel_tol=0.1), 1000.0, 1050.0)
    assert not _value(Floats(abs_tol=0.1, rel_tol=1e-9), 1000.0, 1050.0)
    assert not _value(Floats(), math.nan, math.nan)
    assert not _value(Floats(), 1.0, 10**400)
    assert _value(Floats(), [1.0, {"a": (2.0, "x")}], [1.0 + 1e-9, {"a": (2.0, "x")}])
    assert not _value(Floats(), [1.0], [1.0, 1.0])
    assert _value(Floats(), 1.0, 1)
    assert not _value(Floats(), 1, True)
    assert _value(Floats(), 2, 2.0)
    assert not _value(Floats(abs_tol=0.9), 2, 3)
    assert _value(Floats(), 1 + 2j, 1 + 2.0000000001j)
    assert not _value(Floats(), complex("nan"), complex("nan"))
    assert not _value(Floats(), {1: "a"}, {True: "a"})
    assert not _value(Floats(), {math.nan: "a"}, {math.nan: "a"})


@pytest.mark.parametrize("comparison", [Exact(), Equal(), Floats(), Unordered()])
@pytest.mark.parametrize("holder", [list, tuple, set, frozenset])
def test_nan_equals_nothing_wherever_it_stands(comparison: Comparison, holder: type) -> None:
    assert not _value(comparison, holder([math.nan]), holder([math.nan]))
    assert not _value(comparison, plain.decode(plain.encode(holder([math.nan]))), holder([math.nan]))


def test_unordered_counts_items() -> None:
    assert _value(Unordered(), [1, 2, 2], [2, 1, 2])
    assert not _value(Unordered(), [1, 2, 2], [1, 1, 2])
    assert not _value(Unordered(), [1, 2], (2, 1))
    assert not _value(Unordered(), [1], [True])
    assert _text(Unordered(), "a\nb\n", "b\na")


@pytest.mark.parametrize("data", [b"", b"nonsense", b'{"c":[]}', b"[" * 5000, b'{"t":1}'])
@pytest.mark.parametrize("comparison", [Exact(), Equal(), Floats(), Unordered()])
def test_bytes_that_are_no_value_never_match(comparison: Comparison, data: bytes) -> None:
    assert not comparison.matches(Call((), expected=[1]), Outcome(None, answer=data))


def test_a_comparison_of_the_wrong_kind_says_which_one_to_use() -> None:
    with pytest.raises(ValueError, match="Exact or Floats"):
        _value(Lines(), 1, 1)
    with pytest.raises(ValueError, match="Lines or Tokens"):
        _text(Equal(), "1", "1")
    with pytest.raises(ValueError, match="abs_tol"):
        Floats(abs_tol=-1)
