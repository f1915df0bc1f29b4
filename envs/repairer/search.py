"""The search for a repair of one patient: candidates are tried, good ones are compared, the best is kept.

Promises: no program is tried twice; a program counts as plausible only when the sandbox itself has judged that it
passes all tests; among plausible programs those come first that pass more of the selection cases, then the likelier
edits (scores add up: more edits do not count against a program). Does not promise that a plausible program is right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from envs.asking import Asking
from envs.problems.cases import Case
from envs.repairer.diagnosis import Diagnosis, diagnosed
from envs.repairer.neighbourhood import Candidate
from envs.repairer.patient import Patient
from envs.repairer.trial import Exam, judged, tried
from envs.repairer.voting import INPUTS, VOTERS, agreement

FEW_TESTS = 4
"""So many tests that the patient fails are looked at before all of them."""
PATIENT = 20
"""Programs that may take long get so many times as much time."""
LIKELY = 0.05
"""What the score of an edit counts beside the number of programs that answer alike."""
FIRST = 2
"""So many selection cases that the patient fails are looked at before the others."""


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate and its marks."""

    candidate: Candidate
    tests: tuple[bool, ...]
    selection: tuple[bool, ...] = ()
    """Marks on the selection cases; empty when it was not worth asking."""

    @property
    def plausible(self) -> bool:
        """Whether it passes all tests."""
        return all(self.tests)

    @property
    def rank(self) -> tuple[int, int, float]:
        """The better, the larger."""
        return sum(self.tests), sum(self.selection), self.candidate.score


@dataclass
class Search:
    """What is known so far about the programs near a patient."""

    patient: Patient
    start: Diagnosis
    failed_selection: Sequence[int] = ()
    """Which selection cases the patient fails."""
    plausible: list[Found] = field(default_factory=list)
    improved: list[Found] = field(default_factory=list)
    """Candidates that pass more tests than the patient, and not all."""
    count: int = 0
    """Programs tried."""
    left_from: set[str] = field(default_factory=set)
    """Programs that were gone on from."""

    @property
    def selected(self) -> int:
        """How many selection cases the patient passes."""
        return len(self.patient.selection) - len(self.failed_selection)

    @property
    def accepted(self) -> list[Found]:
        """The plausible programs that pass all selection cases."""
        return [found for found in self.plausible if all(found.selection)]

    def better(self) -> list[Found]:
        """The programs that are better than the patient and not yet accepted, the best first."""
        well = all(self.start.passed)
        half = [found for found in self.plausible if not well or sum(found.selection) > self.selected]
        return sorted([*self.improved, *half], key=lambda each: each.rank, reverse=True)

    def take(self, inner: Search) -> None:
        """Adds what another search for the same patient found."""
        self.plausible += inner.plausible
        self.improved += inner.improved
        self.count += inner.count

    def explore(self, candidates: Sequence[Candidate]) -> Asking[None]:
        """Tries candidates that were not tried yet, and keeps what is good."""
        fresh = [each for each in candidates if each.source not in self.patient.tried]
        self.patient.tried.update(each.source for each in fresh)
        self.count += len(fresh)
        promising = yield from self._promising(fresh)
        exam = self._exam(self.patient.tests, promising)
        marks = yield from tried(exam, [each.source for each in promising])
        found = [Found(each, mark) for each, mark in zip(promising, marks, strict=True)]
        good = [each for each in found if each.plausible]
        self.plausible += yield from self._selected(good)
        before = sum(self.start.passed) if self.start.view else -1  # any text that parses is better than none that does
        self.improved += [each for each in found if not each.plausible and sum(each.tests) > before]

    def _exam(self, cases: Sequence[Case], candidates: Sequence[Candidate]) -> Exam:
        """The exam of candidates on some cases."""
        patience = PATIENT if any(each.slow for each in candidates) else 1
        return Exam.of(self.patient, cases, self.start.ticks, patience)

    def _promising(self, fresh: Sequence[Candidate]) -> Asking[Sequence[Candidate]]:
        """Those that pass a test which the patient fails, of the first few; all, where that would not save runs."""
        failing = [seen.case for seen in self.start.failing][:FEW_TESTS]
        if self.start.view is None or len(self.patient.tests) < 4 * len(failing) or not failing:
            return fresh
        exam = self._exam(failing, fresh)
        marks = yield from tried(exam, [each.source for each in fresh])
        return [each for each, mark in zip(fresh, marks, strict=True) if any(mark)]

    def _selected(self, good: Sequence[Found]) -> Asking[list[Found]]:
        """Plausible candidates with their marks on the selection cases: first on those that the patient fails."""
        if not self.patient.selection or not good:
            return list(good)
        cases = self.patient.selection
        first = [cases[place] for place in self.failed_selection[:FIRST]]
        if first:
            exam = self._exam(first, [each.candidate for each in good])
            marks = yield from tried(exam, [each.candidate.source for each in good])
            good = [each for each, mark in zip(good, marks, strict=True) if any(mark)]
        exam = self._exam(cases, [each.candidate for each in good])
        marks = yield from tried(exam, [each.candidate.source for each in good])
        return [Found(each.candidate, each.tests, mark) for each, mark in zip(good, marks, strict=True)]

    def confirmed(self, found: Found) -> Asking[bool]:
        """Whether the sandbox's own judgement agrees that a program passes all tests."""
        exam = Exam.of(self.patient, self.patient.tests)
        [report] = yield [judged(exam, found.candidate.source)]
        return bool(report.all_passed)

    def best(self, voters: int = VOTERS, inputs: int = INPUTS) -> Asking[Found | None]:
        """The best plausible program that the sandbox confirms; among equally good ones the majority decides."""
        ranked = sorted(self.plausible, key=lambda each: each.rank, reverse=True)
        first = [each for each in ranked if each.rank[:2] == ranked[0].rank[:2]][:voters]
        patience = PATIENT if any(each.candidate.slow for each in first) else 1
        near = [seen.case for seen in self.start.failing]
        sources = [each.candidate.source for each in first]
        votes = yield from agreement(self.patient, sources, self.start.ticks, patience, near, inputs)
        worth = [vote + LIKELY * each.candidate.score for vote, each in zip(votes, first, strict=True)]
        order = sorted(range(len(first)), key=lambda place: (-round(worth[place], 6), place))
        for found in [*(first[place] for place in order), *ranked[len(first) :]][:5]:
            if (yield from self.confirmed(found)):
                return found
        return None


def begun(patient: Patient, source: str) -> Asking[Search]:
    """A search that starts at a program of the patient."""
    diagnosis = yield from diagnosed(patient, source)
    failed: list[int] = []
    if patient.selection:
        exam = Exam.of(patient, patient.selection, diagnosis.ticks)
        [marks] = yield from tried(exam, [source])
        failed = [place for place, mark in enumerate(marks) if not mark]
    patient.tried.add(source)
    return Search(patient, diagnosis, failed)
