"""Judging programs that may never end: whoever runs into the time limit is not waited for again.

An endless program would cost the whole limit in every case: two minutes for sixty hidden cases.

Promises: the cases of a split are judged in order, one, then two, then four, and so on; when one has run into the
limit, those after its group are not run and count as out of time, too. The same program gets the same marks however
many workers there are. Does not promise the true number of passed cases for such a program: it may be too low.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from envs.asking import Asking
from envs.judging import judge
from envs.problems import Case, Problem
from sandbox import Judgement, Outcome, Report, Verdict

NOT_RUN = Judgement(Verdict.TIMEOUT, Outcome(Verdict.TIMEOUT, error="not run: it did not end in time before"))


@dataclass(slots=True)
class _Split:
    """Cases of a split, and the judgements so far."""

    cases: Sequence[Case]
    found: list[Judgement] = field(default_factory=list)
    shell: str = ""

    @property
    def next(self) -> Sequence[Case]:
        """What is to be judged in the next round; nothing when all is said."""
        if any(each.verdict is Verdict.TIMEOUT for each in self.found):
            return ()
        return self.cases[len(self.found) : 2 * len(self.found) + 1]

    def take(self, report: Report) -> None:
        self.found += report.judgements
        self.shell = report.shell

    def report(self) -> Report:
        missing = len(self.cases) - len(self.found)
        return Report((*self.found, *(NOT_RUN,) * missing), len(self.cases), self.shell)


def judged(problem: Problem, source: str, *splits: Sequence[Case], trace: bool = False) -> Asking[list[Report]]:
    """The reports of a program on several splits at once, in order; `trace` is for the first of them."""
    found = [_Split(cases) for cases in splits]
    while waiting := [split for split in found if split.next]:
        reports = yield [judge(problem, source, split.next, trace and split is found[0]) for split in waiting]
        for split, report in zip(waiting, reports, strict=True):
            split.take(report)
    return [split.report() for split in found]


def marks(report: Report) -> tuple[bool, ...]:
    """Which cases were passed."""
    return tuple(verdict is Verdict.PASS for verdict in report.verdicts)
