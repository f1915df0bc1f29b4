"""Judging programs that may never end: whoever runs into the time limit is not waited for again.

An endless program would cost the whole limit in every case: two minutes for sixty hidden cases.

Promises: the cases of a split are judged in order, and those after the first that ran into the limit count as out of
time, too, run or not. The same program gets the same marks, whatever the number of workers or the cache. Does not
promise the true number of passed cases for such a program: it may be too low.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from envs.asking import Asking
from envs.judging import judge
from envs.problems import Case, Problem
from sandbox import Judgement, Outcome, Report, Verdict

NOT_RUN = Judgement(Verdict.TIMEOUT, Outcome(Verdict.TIMEOUT, error="not run: it did not end in time before"))


def judged(problem: Problem, source: str, *splits: Sequence[Case], trace: bool = False) -> Asking[list[Report]]:
    """The reports of a program on several splits at once, in order; `trace` is for the first of them."""
    asks = [
        replace(judge(problem, source, cases, trace and cases is splits[0]), stop_at_first_timeout=True)
        for cases in splits
        if cases
    ]
    reports = iter((yield asks) if asks else [])
    return [whole(next(reports), len(cases)) if cases else Report((), 0) for cases in splits]


def whole(report: Report, total: int) -> Report:
    """The report with a judgement for every case; what came after a timeout is not looked at."""
    late = [number for number, verdict in enumerate(report.verdicts) if verdict is Verdict.TIMEOUT]
    found = report.judgements[: late[0] + 1] if late else report.judgements
    return Report((*found, *(NOT_RUN,) * (total - len(found))), total, report.shell)


def marks(report: Report) -> tuple[bool, ...]:
    """Which cases were passed."""
    return tuple(verdict is Verdict.PASS for verdict in report.verdicts)
