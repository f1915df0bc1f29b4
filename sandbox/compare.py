"""Is this answer the expected one? Decided here, on the trusted side, over plain data only.

Promises: no object of the program's takes part in a comparison; types are strict (True is not 1, a list is not a
tuple) unless the comparison says otherwise; NaN equals nothing; answers of different length never match. A comparison
takes time and memory in proportion to the lengths of the texts and to the number of parts of the expected answer: an
answer of far more parts is wrong before it is taken apart.
Does not promise to accept what a person would: choose the comparison that the problem's statement calls for.

    Exact      the same value of the same types; the same text
    Equal      what `==` says between plain values (1 == 1.0 == True): the meaning of a test's assert
    Lines      text: the same lines, white space at line ends and blank lines at the end aside
    Tokens     text: the same words, white space aside
    Floats     numbers may differ by an absolute or a relative tolerance, everything else is Exact
    Unordered  the same items (or lines) in any order
    Checker    a program of the problem's own, run in the sandbox
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from sandbox.cases import Call, Outcome, Stdin
from sandbox.inside import plain

_WHOLE = re.compile(r"[+-]?\d+")

_SMALL, _TIMES = 1000, 8
"""A right answer may be written with so many times the marks of the expected one (numbers as complex ones, names of a
dict as pairs); so few marks are never counted."""


class Comparison(Protocol):
    """Compares an outcome that has an answer with a case that has an expectation."""

    def matches(self, case: Call | Stdin, outcome: Outcome) -> bool: ...


class _Plain:
    """Splits the work: text for scripts, values for calls."""

    def matches(self, case: Call | Stdin, outcome: Outcome) -> bool:
        if isinstance(case, Stdin):
            return self.text(str(case.expected), outcome.stdout)
        try:
            return self.value(case.expected, outcome.answer)
        except (plain.NotPlain, RecursionError):
            return False

    def text(self, expected: str, got: str) -> bool:
        raise ValueError(f"{type(self).__name__}: expected a Call, got a Stdin; compare text with Lines or Tokens")

    def value(self, expected: Any, answer: bytes) -> bool:
        raise ValueError(f"{type(self).__name__}: expected a Stdin, got a Call; compare values with Exact or Floats")


@dataclass(frozen=True, slots=True)
class Exact(_Plain):
    """The same value of the same types throughout, or the same text to the last character."""

    def text(self, expected: str, got: str) -> bool:
        return got == expected

    def value(self, expected: Any, answer: bytes) -> bool:
        wanted = plain.encode(expected)
        if _is_told(answer, wanted):
            return True
        given = _decoded(answer, wanted)
        if plain.has_nan(answer) and _holds_nan(given):
            return False
        return plain.canonical(given) == plain.canonical(expected)


@dataclass(frozen=True, slots=True)
class Equal(_Plain):
    """Python's `==` between plain values."""

    def value(self, expected: Any, answer: bytes) -> bool:
        wanted = plain.encode(expected)
        return _is_told(answer, wanted) or bool(_decoded(answer, wanted) == expected)


@dataclass(frozen=True, slots=True)
class Lines(_Plain):
    """The default for text."""

    def text(self, expected: str, got: str) -> bool:
        return got == expected or _same_lines(expected, got, list)


@dataclass(frozen=True, slots=True)
class Tokens(_Plain):
    """Text as a sequence of words."""

    def text(self, expected: str, got: str) -> bool:
        return got == expected or _words(got, wanted := expected.split()) == wanted


@dataclass(frozen=True, slots=True)
class Floats(_Plain):
    """Numbers within `abs_tol` or within `rel_tol` of the expected one; 2 and 2.0 are the same number, and two whole
    numbers are the same or not. In text, `nan` is a word like any other.
    """

    abs_tol: float = 1e-6
    rel_tol: float = 1e-6

    def __post_init__(self) -> None:
        for name, value in (("abs_tol", self.abs_tol), ("rel_tol", self.rel_tol)):
            if not isinstance(value, (int, float)) or not 0 <= value < 1:
                raise ValueError(f"Floats.{name}: expected a tolerance from 0 to below 1, got {value!r}; try 1e-6")

    def text(self, expected: str, got: str) -> bool:
        if got == expected:
            return True
        wanted = expected.split()
        given = _words(got, wanted)
        return len(wanted) == len(given) and all(map(self._same_word, wanted, given))

    def value(self, expected: Any, answer: bytes) -> bool:
        wanted = plain.encode(expected)
        return _is_told(answer, wanted) or self._same(expected, _decoded(answer, wanted))

    def _same_word(self, wanted: str, given: str) -> bool:
        if wanted == given:
            return True
        if "_" in given:  # float() would take it for a number
            return False
        if _WHOLE.fullmatch(wanted) and _WHOLE.fullmatch(given):
            return Decimal(wanted) == Decimal(given)  # int() refuses thousands of digits
        try:
            return self._close(float(wanted), float(given))
        except ValueError:
            return False

    def _close(self, wanted: float, given: float) -> bool:
        if math.isnan(wanted) or math.isnan(given):
            return False
        return wanted == given or math.isclose(given, wanted, rel_tol=self.rel_tol, abs_tol=self.abs_tol)

    def _same(self, wanted: Any, given: Any) -> bool:
        kinds = {type(wanted), type(given)}
        if kinds in ({float}, {int, float}):
            try:
                return self._close(float(wanted), float(given))
            except OverflowError:
                return False
        if kinds == {complex}:
            return self._close(wanted.real, given.real) and self._close(wanted.imag, given.imag)
        if type(wanted) is not type(given):
            return False
        if isinstance(wanted, (list, tuple)):
            return len(wanted) == len(given) and all(map(self._same, wanted, given))
        if isinstance(wanted, dict):
            same_keys = plain.canonical(dict.fromkeys(wanted)) == plain.canonical(dict.fromkeys(given))
            return same_keys and all(key in given and self._same(wanted[key], given[key]) for key in wanted)
        return not _holds_nan(given) and plain.canonical(wanted) == plain.canonical(given)


@dataclass(frozen=True, slots=True)
class Unordered(_Plain):
    """The same items of a list, tuple or set in any order, each of them Exact; or the same lines in any order."""

    def text(self, expected: str, got: str) -> bool:
        return got == expected or _same_lines(expected, got, Counter)

    def value(self, expected: Any, answer: bytes) -> bool:
        encoded = plain.encode(expected)
        if _is_told(answer, encoded):
            return True
        given = _decoded(answer, encoded)
        if type(given) is not type(expected) or _holds_nan(given):
            return False
        if not isinstance(given, (list, tuple, set, frozenset)):
            return plain.canonical(given) == plain.canonical(expected)
        wanted = Counter(plain.canonical(item) for item in expected)
        return Counter(plain.canonical(item) for item in given) == wanted


COMPARISONS = (Exact, Equal, Lines, Tokens, Floats, Unordered)
"""Those that compare here; printed text they compare with a text, and with nothing else."""


@dataclass(frozen=True, slots=True)
class Checker:
    """A problem's own judgement: `def check(given, output, expected) -> bool`, run in the sandbox like any program.

    `given` is the tuple of arguments of a Call or the text of a Stdin; `output` is what the program answered, as data.
    Only True means right. A checker that fails, by its own fault or on absurd output, means wrong.
    """

    source: str

    def __post_init__(self) -> None:
        if not isinstance(self.source, str):
            raise ValueError(f"Checker.source: expected text, got {type(self.source).__name__}; decode it first")

    def call(self, case: Call | Stdin, outcome: Outcome) -> Call | None:
        """What the checker is to be called with; None where the program answered nothing that it could be shown."""
        if outcome.failure is not None:
            return None
        if isinstance(case, Stdin):
            return Call((case.text, outcome.stdout, case.expected))
        try:
            call = Call((tuple(case.args), outcome.value, case.expected))
            call.payload()  # an answer as deep as can be may be too deep beside the rest: that is nobody's mistake here
        except ValueError:
            return None
        return call

    def matches(self, case: Call | Stdin, outcome: Outcome) -> bool:
        raise ValueError("Checker: it runs in the sandbox; give it to judge(compare=...) instead of calling matches()")


def _is_told(answer: bytes, wanted: bytes) -> bool:
    """Whether the answer is the expected one to the byte, as most right ones are."""
    return answer == wanted and not plain.has_nan(answer)


def _decoded(answer: bytes, wanted: bytes) -> Any:
    """The value of an answer; raises `NotPlain` where it has too many parts to be the one that is wanted."""
    if len(answer) > _SMALL and _marks(answer) > _TIMES * _marks(wanted) + _SMALL:
        raise plain.NotPlain("expected about as many values as the expected answer has, got far more")
    return plain.decode(answer)


def _marks(data: bytes) -> int:
    """As many brackets and commas as there are, those in texts too: a right answer has the same texts."""
    return data.count(b",") + data.count(b"[") + data.count(b"{")


def _same_lines(expected: str, got: str, gather: Callable[[list[str]], object]) -> bool:
    """Whether the lines, gathered in that way, are the same; a text of another number of them is not taken apart."""
    expected, got = expected.rstrip(), got.rstrip()  # blank lines at the end go with it
    if got.count("\n") != expected.count("\n"):
        return False
    return gather(_lines(got)) == gather(_lines(expected))


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.split("\n")]


def _words(text: str, wanted: list[str]) -> list[str]:
    """The words of a text, as far as they are needed to tell it from one of the wanted words."""
    return text.split(maxsplit=len(wanted))


def _holds_nan(value: Any) -> bool:
    if isinstance(value, float):
        return math.isnan(value)
    if isinstance(value, complex):
        return math.isnan(value.real) or math.isnan(value.imag)
    if isinstance(value, dict):
        return any(map(_holds_nan, value)) or any(map(_holds_nan, value.values()))
    return isinstance(value, (list, tuple, set, frozenset)) and any(map(_holds_nan, value))
