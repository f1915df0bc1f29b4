"""What a program against a tester comes to: which test catches it, and how much of the hidden suite it fails.

Promises: the tests come first and their first failure ends it; hidden cases are judged only for a program that passes
them all, in growing chunks, and no more of them once several did not end in time. A program that passes one of those
that it failed when it is asked again tosses coins, and counts as one that fails none. Does not promise a verdict on
every hidden case: `hidden` says how many there were.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from envs.asking import Asking
from envs.codegen.distance import distance
from envs.judging import judge
from envs.problems import Case, Problem
from envs.text import Misread, describe_failure, without_addresses
from sandbox import Report, Verdict

FIRST_CHUNK, MOST_TIMEOUTS = 4, 3
"""Hidden cases judged first, each further chunk being twice the last; and how many may not end in time."""
MOST_AGAIN = 8
"""So many of the hidden cases that it fails are asked again."""
NO_PROGRAM = frozenset({Verdict.SYNTAX, Verdict.MISSING})


@dataclass(frozen=True, slots=True)
class Attempt:
    """A program and what came of it."""

    source: str = ""
    refusal: str = ""
    """Why no program was read."""
    caught_by: int = -1
    """The number of the test that it fails first; -1 when it passes all."""
    what: str = ""
    """What happened in that test."""
    failed: int = 0
    hidden: int = 0
    """Hidden cases that it fails, and that it was judged by."""
    edits: int = 0
    size: int = 0
    """Edited symbols, and the symbols of the nearest reference."""

    @property
    def passes_tests(self) -> bool:
        """Whether no test catches it."""
        return not self.refusal and self.caught_by < 0


def tried(problem: Problem, source: str | Misread, tests: Sequence[Case]) -> Asking[Attempt]:
    """A program on the tests, and where it passes them all on the hidden cases."""
    if isinstance(source, Misread):
        return Attempt(refusal=source.reason)
    report: Report
    [report] = yield [judge(problem, source, tests, strict=True)]
    if not report.all_passed:
        return _caught(problem, source, tests, report)
    failed, hidden = yield from _hidden_failures(problem, source)
    if failed:
        again = f"{source}\n# again\n"  # another text, so that what is known of this one is not asked for
        [report] = yield [judge(problem, again, failed[:MOST_AGAIN])]
        if report.passed:
            return Attempt(source, hidden=hidden)
    edits, size = distance(source, [reference.source for reference in problem.references])
    return Attempt(source, failed=len(failed), hidden=hidden, edits=edits, size=size)


def _caught(problem: Problem, source: str, tests: Sequence[Case], report: Report) -> Attempt:
    place = len(report.judgements) - 1
    judgement = report.judgements[place]
    refusal = judgement.outcome.error or judgement.verdict.value if judgement.verdict in NO_PROGRAM else ""
    what = describe_failure(tests[place], problem.kind, problem.entry, judgement)
    return Attempt(source, without_addresses(refusal), place, what)


def _hidden_failures(problem: Problem, source: str) -> Asking[tuple[list[Case], int]]:
    """The hidden cases that a program fails, and how many it was judged by."""
    failed: list[Case] = []
    judged = timeouts = 0
    chunk = FIRST_CHUNK
    while judged < len(problem.hidden) and timeouts < MOST_TIMEOUTS:
        report: Report
        cases = problem.hidden[judged : judged + chunk]
        [report] = yield [judge(problem, source, cases)]
        failed += [case for case, verdict in zip(cases, report.verdicts, strict=True) if verdict is not Verdict.PASS]
        timeouts += report.verdicts.count(Verdict.TIMEOUT)
        judged, chunk = judged + report.total, 2 * chunk
    return failed, judged
