"""What a patient's runs tell: which tests fail and how, which lines run, what kinds of values variables have.

Promises: made from the tests alone; a program passes all of them only when the sandbox's own verdict says so; the same
patient gives the same diagnosis.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from envs.asking import Asking, Run
from envs.problems.cases import Case
from envs.repairer.patient import Patient
from envs.repairer.suspects import UNKNOWN, ochiai, spread
from envs.repairer.trial import ANSWERED, CPU_S, ENDLESS, PATIENCE, TICKS, Exam, inside_text, judged, told
from envs.repairer.view import Kinds, View, view_of
from sandbox import Call, Limits, Outcome, Program, Verdict
from sandbox.compare import Checker

FREE_TICKS = 300_000
"""What a patient may do on one test, before it counts as endless."""
EARLY_TICKS = 30_000
"""What a candidate may do on one input at least, if the patient stopped early on a test; ten times as many cost a half
more time in training."""
FIRST = 2
"""So many tests are run first, then each time as many as before: who never ends is not waited for in all of them."""
NOT_RUN = Outcome(Verdict.TIMEOUT, error="not run: it did not end in time before")


@dataclass(frozen=True)
class Seen:
    """One test of a patient."""

    case: Case
    passed: bool
    value: Any
    """What it answered; None when it did not."""
    answered: bool
    endless: bool
    ticks: int
    lines: frozenset[int]
    kinds: dict[str, list[str]]
    error: tuple[str, str, int]
    """Type, text and line of the exception; empty and 0 when there was none."""


@dataclass(frozen=True)
class Diagnosis:
    """A program and what its tests showed."""

    source: str
    entry: str
    seen: tuple[Seen, ...]
    statement: str = ""

    @property
    def passed(self) -> tuple[bool, ...]:
        """Which tests it passes."""
        return tuple(each.passed for each in self.seen)

    @property
    def failing(self) -> list[Seen]:
        """The tests that it fails."""
        return [each for each in self.seen if not each.passed]

    @property
    def ticks(self) -> int:
        """What a candidate may do on one input."""
        used = [each.ticks for each in self.seen if not each.endless]
        stopped = any(not (each.answered or each.endless) for each in self.seen)  # nobody knows how long it would take
        return max(EARLY_TICKS if stopped else TICKS, PATIENCE * max(used, default=0))

    @cached_property
    def kinds(self) -> Kinds:
        """Variable -> the kinds of the values that it was seen with."""
        found: dict[str, set[str]] = {}
        for each in self.seen:
            for name, kinds in each.kinds.items():
                found.setdefault(name, set()).update(kinds)
        return tuple((name, frozenset(found[name])) for name in sorted(found))

    @cached_property
    def view(self) -> View | None:
        """The program as rules look at it; None when it does not parse."""
        try:
            return view_of(self.source, self.kinds, self.entry, self.statement)
        except (ValueError, RecursionError, MemoryError):  # no program, or one that no parser gets to the end of
            return None

    @cached_property
    def scores(self) -> dict[int, float]:
        """Line -> how suspicious it is."""
        if self.view is None:
            return {}
        scores = ochiai([each.lines for each in self.seen], self.passed)
        for each in self.failing:
            if each.error[2]:
                scores[each.error[2]] = 1.0
        if not scores:
            scores = dict.fromkeys(range(1, self.source.count("\n") + 2), UNKNOWN)
        return spread(self.view.tree, scores)


def diagnosed(patient: Patient, source: str) -> Asking[Diagnosis]:
    """The diagnosis of a program on the tests of a patient."""
    exam = Exam.of(patient, patient.tests, FREE_TICKS)
    calls = [Call((source, patient.entry, args, FREE_TICKS)) for args in exam.inputs]
    own = patient.limits
    few = Limits(cpu_s=min(4 * CPU_S, own.cpu_s), wall_s=own.wall_s, memory_mb=own.memory_mb)
    outcomes: list[Outcome] = []
    while len(outcomes) < len(calls):
        some = calls[len(outcomes) :][: len(outcomes) or FIRST]
        [found] = yield [Run(Program(inside_text(), "study"), some, few, isolation="program")]
        outcomes += found
        if sum(each.failure is Verdict.TIMEOUT for each in outcomes) > 1:
            outcomes += [NOT_RUN] * (len(calls) - len(outcomes))
    seen = [_seen(*each) for each in zip(exam.cases, outcomes, strict=True)]
    checked = isinstance(exam.compare, Checker)
    marks = [not checked and each.answered and exam.right(each.case, each.value) for each in seen]
    if checked or all(marks):  # its runs shared a process, which the sandbox's own verdict does not allow
        [report] = yield [judged(exam, source)]
        marks = [verdict is Verdict.PASS for verdict in report.verdicts]
    whole = tuple(replace(each, passed=mark) for each, mark in zip(seen, marks, strict=True))
    return Diagnosis(source, patient.entry, whole, patient.statement)


def _seen(case: Case, outcome: Outcome) -> Seen:
    """What a run told, if it was told in the way of inside.py: the process belongs to the patient."""
    match told(outcome):
        case [int(how), value, int(ticks), list(lines), dict(kinds), [str(name), str(text), int(line)]] if (
            _are(int, lines) and _are(str, kinds) and all(_are(str, each) for each in kinds.values())
        ):
            answered, ticks = how == ANSWERED, min(ticks, FREE_TICKS)
            said = value if answered else None
            return Seen(case, False, said, answered, how == ENDLESS, ticks, frozenset(lines), kinds, (name, text, line))
    error = (outcome.failure.value if outcome.failure else "", outcome.error, outcome.line)
    return Seen(case, False, None, False, False, 0, frozenset(), {}, error)


def _are(kind: type, values: object) -> bool:
    """Whether all of a collection are of a kind."""
    return isinstance(values, list | dict) and all(isinstance(each, kind) for each in values)
