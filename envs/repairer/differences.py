"""How a wrong answer differs from the expected one, in a few words.

Promises: any two values can be compared; the words are among `DIFFERENCES`. Does not promise that there is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

DIFFERENCES = (
    *("nothing returned", "nothing printed", "one off", "opposite", "larger", "smaller", "other type", "other order"),
    *("too long", "too short", "other case", "other spaces"),
)


def differences(expected: Any, got: Any) -> Iterator[str]:
    """How a wrong answer differs from the expected one."""
    if got is None or got == "":
        yield "nothing returned" if got is None else "nothing printed"
    elif isinstance(expected, bool) and isinstance(got, bool):
        yield "opposite"
    elif isinstance(expected, int | float) and isinstance(got, int | float):
        yield from _numbers(expected, got)
    elif type(expected) is not type(got):
        yield "other type"
    elif isinstance(expected, str):
        yield from _texts(expected, got)
    elif isinstance(expected, list | tuple | set | dict):
        yield from _collections(expected, got)


def _numbers(expected: float, got: float) -> Iterator[str]:
    if type(expected) is not type(got):
        yield "other type"
    if expected == got:
        return
    if expected + 1 == got or got + 1 == expected:  # their difference may be too large for a float
        yield "one off"
    if expected == -got:
        yield "opposite"
    yield "larger" if got > expected else "smaller"


def _texts(expected: str, got: str) -> Iterator[str]:
    if expected.lower() == got.lower():
        yield "other case"
    elif expected.split() == got.split() or "".join(expected.split()) == "".join(got.split()):
        yield "other spaces"
    elif sorted(expected.split()) == sorted(got.split()) or sorted(expected) == sorted(got):
        yield "other order"
    elif len(expected) != len(got):
        yield "too long" if len(got) > len(expected) else "too short"
    words = list(zip(expected.split(), got.split(), strict=False))
    numbers = [(a, b) for a, b in words if a != b and _number(a) and _number(b)]
    if numbers and len(expected.split()) == len(got.split()):
        yield from _numbers(int(numbers[0][0]), int(numbers[0][1]))


def _number(text: str) -> bool:
    return text.removeprefix("-").isdecimal() and len(text) < 18


def _collections(expected: Any, got: Any) -> Iterator[str]:
    if len(expected) != len(got):
        yield "too long" if len(got) > len(expected) else "too short"
        return
    try:
        if not isinstance(expected, set | dict) and expected != got and sorted(expected) == sorted(got):
            yield "other order"
            return
    except TypeError:
        pass
    if isinstance(expected, list | tuple):
        for one, other in zip(expected, got, strict=True):
            if one != other or type(one) is not type(other):
                yield from differences(one, other)
                return
