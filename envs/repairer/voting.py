"""Which of several programs that pass everything is right? What most of them answer to inputs that no case has.

Right patches answer alike, however they are written; each wrong one is wrong in its own way.

Promises: the inputs follow from the cases alone, so the same programs get the same votes. Does not promise that the
statement allows an input, nor that the majority is right.
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
from envs.repairer.trial import ANSWERED, Exam, endings, run
from sandbox import Outcome
from sandbox.compare import Checker
from sandbox.inside import plain

INPUTS = 48
"""So many inputs are voted on."""
VOTERS = 24
"""So many programs vote, the likeliest ones."""
SHORT = re.compile(r"(?<!\d)\d{1,18}(?!\d)")
"""A number in a text, unless it is a long one: those that Python refuses to read stay as they are."""


def agreement(patient: Patient, sources: Sequence[str], ticks: int) -> Asking[list[float]]:
    """How far each program answers as the others do: the mean share of the programs that give its answer."""
    if len(sources) < 3 or isinstance(patient.compare, Checker):
        return [0.0] * len(sources)  # two cannot outvote one another, and a checker allows different right answers
    exam = Exam.of(patient, varied(patient), ticks)
    if not exam.cases:
        return [0.0] * len(sources)
    [outcomes] = yield [run(exam, sources)]
    rows = [_answers(outcome, len(exam.cases)) for outcome in outcomes]
    votes = [Counter(column) for column in zip(*rows, strict=True)]
    return [sum(count[answer] for count, answer in zip(votes, row, strict=True)) / len(exam.cases) for row in rows]


def _answers(outcome: Outcome, count: int) -> list[bytes]:
    """Each answer as bytes; a failure is an answer, too."""
    found = list(islice(endings(outcome), count))
    texts = [plain.canonical(value) if how == ANSWERED else b"failure %d" % how for how, value in found]
    return [*texts, *[b"failure"] * (count - len(texts))]


def varied(patient: Patient) -> list[Case]:
    """Inputs near those of the cases."""
    cases, rng = [*patient.tests, *patient.selection], Random(0)
    known = {plain.encode(case.args) for case in cases}
    found: dict[bytes, Case] = {}
    for _ in range(20 * INPUTS):
        args = tuple(_changed(value, rng) for value in rng.choice(cases).args)
        if plain.encode(args) not in known:
            found.setdefault(plain.encode(args), Case(args, None))
        if len(found) == INPUTS:
            break
    return list(found.values())


def _changed(value: Any, rng: Random) -> Any:
    """A value like this one: numbers near it, texts and lists with parts changed, doubled, dropped or moved."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return max(min(value, 0), value + rng.choice((-2, -1, -1, 0, 0, 1, 1, 2)))
    if isinstance(value, str):
        return SHORT.sub(lambda digits: str(_changed(int(digits[0]), rng)), value)
    if isinstance(value, list | tuple) and value:
        parts = [_changed(each, rng) if rng.random() < 0.5 else each for each in value]
        place = rng.randrange(len(parts))
        if isinstance(value, list) and rng.random() < 0.4:
            parts[place:place] = [parts[rng.randrange(len(parts))]]
        elif isinstance(value, list) and rng.random() < 0.4:
            del parts[place]
        return type(value)(parts)
    return value
