"""How good generated tests are, where references can tell.

Promises: right means what all references agree on, by the problem's own rule of comparison; an input that the problem
does not allow has no right answer, so a test of it is wrong; bugs count as exposed by valid tests only. Nothing of
this reaches the model. Does not promise to say anything about a problem without references.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from agents.testgen.suite import EDGE, GeneratedTest, Suite
from agents.testgen.votes import Calibration
from envs.asking import Asking, settle
from envs.judging import accepted, exposed, judge, right_answers
from envs.problems import Case, Problem
from envs.problems.running import as_case
from sandbox import Report, Sandbox

BINS = 5
"""Of the calibration error."""


@dataclass(frozen=True)
class Quality:
    """What references say about one suite."""

    problem: str
    right_kept: int
    """Tests in the suite whose answer is right."""
    kept: int
    right_voted: int
    """The same for everything that was voted on, tests that agreement turned down among them."""
    right_first: int
    """Of these, how many first answers were right, before anybody voted."""
    voted: int
    right_edges: int
    """Mandatory edge inputs that are in the suite with the right answer."""
    edges: int
    killed: dict[str, int] = field(default_factory=dict)
    """Tier -> bugs that the suite exposes."""
    bugs: dict[str, int] = field(default_factory=dict)
    bugs_at_right: tuple[int, int] = (0, 0)
    """How often a bug passes a right test of the suite, and how often one was tried."""
    bugs_at_wrong: tuple[int, int] = (0, 0)
    """The same for its wrong tests."""
    exposing: int | None = None
    """Right tests of the suite that a given program fails; None when no program was given."""
    points: tuple[tuple[float, bool], ...] = ()
    """Of each test that was voted on: its confidence, and whether it is right."""

    @property
    def accuracy(self) -> float | None:
        """Of the first answers, how many are right: what the model is worth without votes."""
        return _share(self.right_first, self.voted)

    @property
    def precision(self) -> float | None:
        """Of the tests that were kept at the threshold, how many are right."""
        return _share(self.right_kept, self.kept)

    @property
    def recall(self) -> float | None:
        """Of the right answers, how many were kept."""
        return _share(self.right_kept, self.right_voted)

    @property
    def edge_coverage(self) -> float | None:
        """Of the mandatory edge inputs, how many are there with the right answer."""
        return _share(self.right_edges, self.edges)

    @property
    def mutation_score(self) -> float | None:
        """Of the problem's bugs, how many the suite exposes."""
        return _share(sum(self.killed.values()), sum(self.bugs.values()))

    @property
    def discrimination(self) -> float | None:
        """How much more often a right program passes a test of the suite than a bug does: p (1 - r) - (1 - p) w, where
        p of the tests are right, and bugs pass r of the right and w of the wrong ones (CURE, 2025). Below 0, more tests
        make the choice among programs worse.
        """
        (passed_right, right), (passed_wrong, wrong) = self.bugs_at_right, self.bugs_at_wrong
        return (right - passed_right - passed_wrong) / (right + wrong) if right + wrong else None

    @property
    def calibration_error(self) -> float | None:
        """The expected calibration error of the confidences (Naeini, Cooper and Hauskrecht, 2015)."""
        if not self.points:
            return None
        bins: dict[int, list[tuple[float, bool]]] = {}
        for point in self.points:
            bins.setdefault(min(BINS - 1, int(point[0] * BINS)), []).append(point)
        gaps = [abs(sum(sure for sure, _ in each) - sum(right for _, right in each)) for each in bins.values()]
        return sum(gaps) / len(self.points)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def voted(suite: Suite) -> list[tuple[GeneratedTest, bool]]:
    """Every test that could be read and was voted on, and whether it was kept."""
    return [(test, place < len(suite.tests)) for place, test in enumerate(suite.voted)]


def measure(suite: Suite, problem: Problem, box: Sandbox, bugs: bool = True, code: str = "") -> Quality:
    """What the problem's references, its bugs, and a program that the suite should expose, say about a suite."""
    if not problem.references:
        raise ValueError(f"measure: {problem.id} has no references, so nothing can say which tests are right")
    tests = voted(suite)
    right, first = settle(_right(problem, [test for test, _ in tests]), box)
    judged = [(test, kept, good) for (test, kept), good in zip(tests, right, strict=True)]
    quality = Quality(
        problem=problem.id,
        right_kept=sum(kept and good for _, kept, good in judged),
        kept=len(suite.tests),
        right_voted=sum(right),
        right_first=sum(first),
        voted=len(tests),
        right_edges=sum(kept and good and test.origin == EDGE for test, kept, good in judged),
        edges=suite.edges,
        points=tuple((test.confidence, good) for test, _, good in judged),
    )
    if code:
        good = [test for test, kept, good in judged if kept and good]
        quality = replace(quality, exposing=settle(_exposing(problem, code, good), box))
    return _with_bugs(quality, suite, problem, box) if bugs else quality


def _exposing(problem: Problem, code: str, tests: Sequence[GeneratedTest]) -> Asking[int]:
    """How many of some right tests a program fails."""
    rights = yield from right_answers(problem, [test.args for test in tests])
    [row] = yield from exposed(problem, [code], rights)
    return sum(row)


def _with_bugs(quality: Quality, suite: Suite, problem: Problem, box: Sandbox) -> Quality:
    from envs.problems.bugs import load_pool, mutation_score

    pool = load_pool(problem, box)
    score = mutation_score(box, problem, [as_case(problem, case) for case in suite.cases], pool)
    right = [exposed for exposed, fault in zip(score.exposed, score.faults, strict=True) if fault is None]
    wrong = [case for case, fault in zip(suite.cases, score.faults, strict=True) if fault is not None]
    passed = settle(_passes(problem, [bug.source for bug in pool.bugs], wrong), box) if wrong else 0
    tried = len(right) * len(pool.bugs)
    return replace(
        quality,
        killed=score.killed,
        bugs=score.total,
        bugs_at_right=(tried - sum(map(len, right)), tried),
        bugs_at_wrong=(passed, len(wrong) * len(pool.bugs)),
    )


def _passes(problem: Problem, sources: Sequence[str], cases: Sequence[Case]) -> Asking[int]:
    """How often one of some programs passes one of some cases."""
    reports: list[Report] = yield [judge(problem, source, cases) for source in sources]
    return sum(report.passed for report in reports)


def _right(problem: Problem, tests: Sequence[GeneratedTest]) -> Asking[tuple[list[bool], list[bool]]]:
    """Which tests are right, and whose first answers were."""
    rights = yield from right_answers(problem, [test.args for test in tests])
    voted: list[bool] = []
    first: list[bool] = []
    for test, right in zip(tests, rights, strict=True):
        there = not right.refusal and test.agreeing > 0
        voted.append(there and (yield from accepted(problem, right, test.expected)))
        first.append(there and (yield from accepted(problem, right, test.first)))
    return voted, first


def learn(calibration: Calibration, suite: Suite, quality: Quality) -> None:
    """Adds what was measured to a calibration."""
    for (test, _), (_, right) in zip(voted(suite), quality.points, strict=True):
        calibration.observe(test.votes, test.agreeing, right)


def total(qualities: Sequence[Quality]) -> Quality | None:
    """All of them as one: every test and every bug weighs the same."""
    if not qualities:
        return None
    numbers: dict[str, Any] = {
        name: sum(getattr(each, name) for each in qualities)
        for name in ("right_kept", "kept", "right_voted", "right_first", "voted", "right_edges", "edges")
    }
    tiers = {tier for each in qualities for tier in each.bugs}
    return Quality(
        "all",
        **numbers,
        killed={tier: sum(each.killed.get(tier, 0) for each in qualities) for tier in tiers},
        bugs={tier: sum(each.bugs.get(tier, 0) for each in qualities) for tier in tiers},
        bugs_at_right=_sum_of([each.bugs_at_right for each in qualities]),
        bugs_at_wrong=_sum_of([each.bugs_at_wrong for each in qualities]),
        points=tuple(point for each in qualities for point in each.points),
    )


def _sum_of(pairs: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return sum(part for part, _ in pairs), sum(whole for _, whole in pairs)
