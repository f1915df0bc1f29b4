"""Which of several programs that pass everything is right? What most of them answer to inputs that no case has.

Right patches answer alike, however they are written; each wrong one is wrong in its own way.

Promises: the same programs get the same votes. Does not promise that the statement allows an input, nor that the
majority is right.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from random import Random
from typing import Any

from envs.asking import Asking
from envs.problems.cases import Case
from envs.repairer.patient import Patient
from envs.repairer.trial import ANSWERED, Exam, endings, outcomes
from sandbox import Outcome
from sandbox.compare import Checker
from sandbox.inside import plain

INPUTS, MANY_INPUTS = 96, 192
"""So many inputs are voted on, after an attempt and after a whole repair."""
DRAWN = 384
"""So many are made up; those that the likeliest programs cannot read are left out."""
READERS = 3
"""So many programs, the likeliest ones, say what can be read."""
LARGEST = 4000
"""Larger inputs, in bytes, are not varied."""
VOTERS, MANY_VOTERS = 24, 48
"""So many programs vote, the likeliest ones."""
CHANGES = 1.5
"""So many parts of an input are changed, on average."""
FAILURE = b"failure"
"""What a failure begins with among the answers."""
NUMBER = re.compile(r"(?<!\d)\d{1,18}(?!\d)")
"""A number in a text, unless it is a long one: those that Python refuses to read stay as they are."""


def agreement(
    patient: Patient,
    sources: Sequence[str],
    ticks: int,
    patience: int = 1,
    near: Sequence[Case] = (),
    inputs: int = INPUTS,
) -> Asking[list[float]]:
    """How far each program answers as the others do: the mean number of programs that give its answer."""
    if len(sources) < 3 or isinstance(patient.compare, Checker):
        return [0.0] * len(sources)  # two cannot outvote one another, and a checker allows different right answers
    exam = Exam.of(patient, varied(patient, near), ticks, patience)
    if not exam.cases:
        return [0.0] * len(sources)
    first = yield from outcomes(exam, sources[:READERS], whole=True)
    answered = {place for outcome in first for place, (how, _) in enumerate(endings(outcome)) if how == ANSWERED}
    read = [exam.cases[place] for place in sorted(answered)[:inputs]]
    exam = Exam.of(patient, read or exam.cases[:inputs], ticks, patience)
    rows = yield from answers(exam, sources)
    votes = [Counter(column) for column in zip(*rows, strict=True)]
    return [sum(count[answer] for count, answer in zip(votes, row, strict=True)) / len(exam.cases) for row in rows]


def answers(exam: Exam, sources: Sequence[str]) -> Asking[list[list[bytes]]]:
    """What each program answers to each input, as bytes; a failure is an answer, too."""
    return [_answers(each, len(exam.cases)) for each in (yield from outcomes(exam, sources, whole=True))]


def _answers(outcome: Outcome, count: int) -> list[bytes]:
    found = list(islice(endings(outcome), count))
    texts = [plain.canonical(value) if how == ANSWERED else b"%s %d" % (FAILURE, how) for how, value in found]
    return [*texts, *[FAILURE] * (count - len(texts))]


def varied(patient: Patient, near: Sequence[Case] = ()) -> list[Case]:
    """Inputs near those of the cases, every other one near one of these."""
    cases, rng = [*patient.tests, *patient.selection], Random(0)
    known = {plain.encode(case.args): case for case in cases}
    small = [case for text, case in known.items() if len(text) <= LARGEST]
    near = [case for case in near if case in small]
    found: dict[bytes, Case] = {}
    for turn in range(5 * DRAWN if small else 0):
        args = rng.choice(near if near and turn % 2 else small).args
        chance = CHANGES / max(CHANGES, _parts(args))
        args = tuple(_changed(value, rng, chance) for value in args)
        text = plain.encode(args)
        if text not in known:
            found.setdefault(text, Case(args, None))
        if len(found) == DRAWN:
            break
    return list(found.values())


def _parts(value: Any) -> int:
    """How many parts of a value can be changed."""
    if isinstance(value, str):
        return len(NUMBER.findall(value)) or len(value)
    return sum(map(_parts, value)) + 1 if isinstance(value, list | tuple) else 1


def _changed(value: Any, rng: Random, chance: float) -> Any:
    """A value like this one: numbers near it, texts and lists with parts changed, doubled, dropped or moved."""
    if isinstance(value, list | tuple):
        parts = [_changed(each, rng, chance) for each in value]
        if isinstance(value, list) and parts and rng.random() < chance:
            place = rng.randrange(len(parts))
            parts[place : place + rng.randrange(2)] = [parts[rng.randrange(len(parts))]] * rng.randrange(2)
        return type(value)(parts)
    if isinstance(value, str):
        return _text(value, rng, chance)
    if rng.random() >= chance or value is None:
        return value
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return max(min(value, 0), value + rng.choice((-2, -1, -1, 1, 1, 2)))
    return value


def _text(value: str, rng: Random, chance: float) -> str:
    """A text in which single numbers are others; one without numbers, with letters changed, doubled or dropped."""
    if NUMBER.search(value):
        value = NUMBER.sub(lambda digits: str(_changed(int(digits[0]), rng, chance)), value)
        letters = sorted({each for each in value if not each.isspace() and not each.isdigit()})
        same = letters if len(letters) > 1 and rng.random() < chance else []
    else:
        letters, same = sorted(set(value)), []
        for place in [place for place in range(len(value)) if rng.random() < chance]:
            end = place + rng.randrange(2)
            value = value[:place] + rng.choice(["", rng.choice(letters), rng.choice(letters)]) + value[end:]
    places = [place for place, each in enumerate(value) if each in same]
    if places:
        place = rng.choice(places)
        value = value[:place] + rng.choice(same) + value[place + 1 :]
    return value
