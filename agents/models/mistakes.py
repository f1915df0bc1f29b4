"""Right answers made wrong, as often and as much alike as a simulated model declares.

Promises: an answer is right with exactly the declared chance, and the rightness of two answers to one
question has exactly the declared correlation: with chance sqrt(correlation) an answer follows the question's
common draw, which all answers to it share with its very mistake, else a draw of its own. A spoilt value
differs from the right one and has its type. Does not promise that people or language models make these
mistakes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from typing import Any

from agents.models.scripted import Declared, digest
from envs.problems.plain import key


def answer_of(right: Any, question: str, declared: Declared, rng: Random, spoil: Callable[[Any, Random], Any]) -> Any:
    """The right answer or a mistake; `question` is whatever the common mistakes hang on."""
    common = rng.random() < declared.correlation**0.5
    source = Random(digest("common", question)) if common else rng
    if source.random() < declared.accuracy:
        return right
    return spoil(right, source)


def spoilt(value: Any, rng: Random) -> Any:
    """A value of the same type that is not the same."""
    for _ in range(20):
        wrong = _spoil(value, rng)
        if key(wrong) != key(value):
            return wrong
    return [value]  # nothing of the same type differs, as with None


def _spoil(value: Any, rng: Random) -> Any:
    kind = type(value)
    if kind is bool:
        return not value
    if kind is int:
        return value + rng.choice((-2, -1, -1, 1, 1, 2, value or 3))
    if kind is float:
        return value + rng.choice((-1.0, -0.5, 0.5, 1.0))
    if kind is str:
        return spoilt_text(value, rng)
    if kind in (list, tuple):
        return kind(_spoil_items(list(value), rng))
    if kind is dict and value:
        name = rng.choice(list(value))
        return {**value, name: spoilt(value[name], rng)}
    if kind in (set, frozenset) and value:
        return kind(sorted(value, key=key)[1:])
    return value


def _spoil_items(items: list[Any], rng: Random) -> list[Any]:
    if not items:
        return [0]
    place = rng.randrange(len(items))
    change = rng.random()
    if change < 0.6:
        items[place] = spoilt(items[place], rng)
    elif change < 0.8:
        del items[place]
    else:
        items.insert(place, items[place])
    return items


def spoilt_text(text: str, rng: Random) -> str:
    """Another text: a number in it off by a little, a letter changed, lost or doubled."""
    numbers = list(re.finditer(r"-?\d+", text))
    if numbers and rng.random() < 0.8:
        number = rng.choice(numbers)
        return text[: number.start()] + str(_spoil(int(number[0]), rng)) + text[number.end() :]
    places = [place for place, letter in enumerate(text) if not letter.isspace()]
    if not places:
        return "0"
    place = rng.choice(places)
    return text[:place] + rng.choice(("", text[place] * 2, chr(ord("a") + rng.randrange(26)))) + text[place + 1 :]
