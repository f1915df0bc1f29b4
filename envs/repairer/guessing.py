"""A guess at the mistake of a program that passes everything, for a caller who knows that it is wrong.

What few cases run, few cases vouch for. So the likely edits are those of lines that few cases run, as long as all
cases still pass; and the more of them answer alike, otherwise than the program, the likelier they are.

Promises: a guess passes everything that the program passes; the same patient gives the same guess. Does not promise
that it is right: no case speaks for it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cached_property
from math import sqrt

from envs.asking import Asking
from envs.repairer.diagnosis import Diagnosis
from envs.repairer.patient import Patient
from envs.repairer.search import Found, Search, begun
from envs.repairer.suspects import unvouched
from envs.repairer.trial import Exam
from envs.repairer.voting import FAILURE, answers, varied
from sandbox.compare import Checker

GUESSES = 60
"""A guess is one of so many edits, the likeliest."""
UNREADY = 1.5
"""An edit counts so much less when it fails on an input that the program answers."""


class Unvouched(Diagnosis):
    """A program that passes all its tests, with suspicion on what few of them run."""

    @cached_property
    def scores(self) -> dict[int, float]:
        """Line -> how suspicious it is."""
        return unvouched(self.view.tree, [each.lines for each in self.seen]) if self.view else {}


def doubted(patient: Patient) -> Asking[Search]:
    """A search that starts at a program which passes everything; selection cases vouch as tests do."""
    patient = replace(patient, tests=[*patient.tests, *patient.selection], selection=(), tried=set())
    start = (yield from begun(patient, patient.program)).start
    return Search(patient, Unvouched(start.source, start.entry, start.seen, start.statement))


def best_guess(search: Search) -> Asking[Found | None]:
    """The likeliest of the edits that pass everything, as far as the sandbox confirms it."""
    likeliest = sorted(search.plausible, key=lambda each: each.rank, reverse=True)[:GUESSES]
    worth = yield from _worth(search, likeliest)
    for place in sorted(range(len(likeliest)), key=lambda place: (-worth[place], place)):
        if (yield from search.confirmed(likeliest[place])):
            return likeliest[place]
    return None


def _worth(search: Search, likeliest: list[Found]) -> Asking[list[float]]:
    """The score of each edit and what the answers of all to inputs that no case has add to it."""
    scores = [each.candidate.score for each in likeliest]
    exam = Exam.of(search.patient, varied(search.patient), search.start.ticks)
    if not exam.cases or isinstance(exam.compare, Checker):
        return scores  # nothing to compare, or different answers may be right
    sources = [search.patient.program, *(each.candidate.source for each in likeliest)]
    own, *rows = yield from answers(exam, sources)
    alike = Counter(tuple(row) for row in rows if row != own)
    return [
        score + sqrt(alike[tuple(row)]) - UNREADY * any(map(_newly_fails, own, row))
        for score, row in zip(scores, rows, strict=True)
    ]


def _newly_fails(before: bytes, after: bytes) -> bool:
    return after.startswith(FAILURE) and not before.startswith(FAILURE)
