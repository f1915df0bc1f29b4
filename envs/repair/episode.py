"""What both repair environments share: the episode from a broken program to the best attempt and its hidden score.

Promises: every attempt is judged on the tests that the agent sees and on the selection split; it is the best so far
when it passes more of the selection, or as much of it and more of the shown tests, and the next attempt starts
from the best. The episode is solved when both are passed whole. Hidden cases are judged once, at the end, on the best
program; they decide nothing but `info["hidden_score"]` and `info["solved"]`.
Does not promise that a solved episode has a hidden score of 1: a program that answers the cases it can see or guess
and nothing else ends as solved, too, and the hidden score tells.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, ClassVar

from envs.asking import Asking, Judge
from envs.episode import Info, TextEnv, Turn
from envs.keywords import one_of, whole_number
from envs.problems import Problem
from envs.problems.running import limits, program_of
from envs.repair.broken import SLIP, Broken, BrokenPrograms, failing, given, report_on
from envs.repair.patience import judged, marks
from envs.repair.rewards import REWARDS, Marks, parts
from envs.repair.shown import Shown, ShownTests, TestSource
from envs.sources import warn_once
from sandbox import CodeTests, Report, Verdict


@dataclass(frozen=True, slots=True)
class Tried:
    """A program and what became of it."""

    number: int
    """Which attempt it was; 0 is the program that the episode began with."""
    source: str
    marks: Marks
    report: Report
    """On the shown tests."""

    @property
    def shown_passed(self) -> int:
        """How many of the shown tests it passes."""
        return sum(self.marks.shown)

    @property
    def rank(self) -> tuple[float, float, bool]:
        """What decides between attempts: their marks; of programs that pass as much, one that parses is the better."""
        return (*self.marks.rank, Verdict.SYNTAX not in self.report.verdicts)


@dataclass(slots=True)
class Course:
    """How an episode went so far."""

    problem: Problem
    broken: Broken
    shown: Shown
    first: Tried
    best: Tried
    last: Tried
    highest: float
    """The highest weighted share of cases that a program of the episode passed."""
    used: int = 0
    """Attempts so far."""
    told: str = ""
    """What an attempt that was no program got wrong; empty when the last one was one."""
    last_reward: float = 0.0
    log: list[str] = field(default_factory=list)
    """A line for each attempt."""


class RepairBase(TextEnv):
    """An environment about putting a program right."""

    OPTIONS: ClassVar[tuple[str, ...]] = ("problem", "bug", "program", "tests")
    TRACE: ClassVar[bool] = False
    """Whether the lines that shown tests execute are recorded."""

    def __init__(
        self,
        max_attempts: int = 10,
        reward: str = "delta",
        feedback: str = "visible",
        tests: TestSource | None = None,
        bugs: str = "all",
        tiers: str | Collection[str] | None = None,
        share: str = "all",
        bugs_each: int | None = None,
        slips: float = 0.0,
        **keywords: Any,
    ) -> None:
        super().__init__(**keywords)
        one_of("reward", reward, REWARDS)
        self.max_attempts, self.reward = whole_number("max_attempts", max_attempts), reward
        self.shown_tests = ShownTests(feedback, tests)
        self.broken_programs = BrokenPrograms(bugs, tiers, share, bugs_each, slips)
        self.course: Course | None = None
        _warn_of_missing_cases(self.problems)

    # Beginning.

    def starting(self, options: Mapping[str, Any]) -> Asking[Info]:
        """A problem, its tests, a broken program, and what that passes."""
        self.course = None  # what a fault leaves is no episode
        if (bug := options.get("bug")) is not None:
            options = self.with_problem(options, str(bug).partition(SLIP)[0])
        chosen = self.pick_problem(options)
        rng = self.random()
        for problem, found in self._with_bugs(chosen, options, rng):
            broken, shown, report = yield from self._begun_with(problem, found, options, rng)
            [picked] = yield from judged(problem, broken.source, problem.selection)
            first = Tried(0, broken.source, Marks(marks(report), marks(picked), shown.weights), report)
            if first.marks.wrong or not self._is_ours(options):
                break
        else:
            raise ValueError(
                f"reset: no test shows that {broken.id} is wrong, so leaving it alone would earn all; give the problem "
                "more cases or a grammar, or leave it out"
            )
        self.problem = problem
        self.course = Course(problem, broken, shown, first, first, first, first.marks.share)
        return {"bug": broken.id, "tier": broken.tier}

    def _begun_with(
        self, problem: Problem, found: Iterable[Broken], options: Mapping[str, Any], rng: Random
    ) -> Asking[tuple[Broken, Shown, Report]]:
        """A broken program, the tests to show, with one more where it passes these, and what it does on them."""
        shown = yield from self.shown_tests.of(problem, options.get("tests"), rng, self.box)
        tried, report = yield from failing(problem, found, shown.cases, self.TRACE)
        broken = tried[-1]
        if report.passed == report.total and self._is_ours(options):
            for each in reversed(tried):
                if more := (yield from report_on(problem, each, self.box)):
                    broken, shown = each, shown.with_more(more)
                    [report] = yield from judged(problem, broken.source, shown.cases, trace=self.TRACE)
                    break
        return broken, shown, report

    def _is_ours(self, options: Mapping[str, Any]) -> bool:
        """Whether no caller gives a program or tests, which are taken as they are."""
        return options.get("program") is None and self.shown_tests.ours(options.get("tests"))

    def _with_bugs(
        self, chosen: Problem, options: Mapping[str, Any], rng: Random
    ) -> Iterator[tuple[Problem, Iterable[Broken]]]:
        """The problem with its broken programs in the order to try them; then, if none was asked for, the others."""
        programs = self.broken_programs
        if one := given(options, chosen, programs, self.box):
            yield chosen, [one]
            return
        order = rng.sample(self.problems, len(self.problems))  # drawn in any case: options leave the rest as it was
        others = [] if options.get("problem") is not None else order
        some = False
        for problem in (chosen, *others):
            if found := programs.of(problem, self.box):
                some = True
                yield problem, (programs.perhaps_slipped(each, rng) for each in rng.sample(found, len(found)))
        if some:
            return
        raise ValueError(
            f"reset: {'no problem here' if others else chosen.id} has a bug of "
            f"{self.broken_programs.choice}; allow other bugs or tiers"
        )

    # Moving.

    def attempted(self, source: str) -> Asking[Turn]:
        """Judges a program as the next attempt."""
        course = self.now
        if source == course.best.source:
            tried = Tried(course.used + 1, source, course.best.marks, course.best.report)
        else:
            splits = (course.shown.cases, course.problem.selection)
            report, picked = yield from judged(course.problem, source, *splits, trace=self.TRACE)
            passed = Marks(marks(report), marks(picked), course.shown.weights)
            tried = Tried(course.used + 1, source, passed, report)
        rewards = parts(tried.marks, course.highest, course.first.marks.share)
        better = tried.rank > course.best.rank
        ended = "solved" if tried.marks.solved else "attempts" if tried.number == self.max_attempts else ""
        best = tried if better or tried.marks.solved else course.best
        info = (yield from self._final(best)) if ended else {}
        course.best, course.last, course.told = best, tried, ""
        course.highest = max(course.highest, tried.marks.share)
        course.log.append(_line(tried, better))
        return self._counted(Turn(rewards[self.reward], rewards, ended, info))

    def refused(self, reason: str) -> Asking[Turn]:
        """Counts an attempt that is no program: it passes nothing."""
        course = self.now
        nothing = Marks((False,) * len(course.shown.cases), (False,) * len(course.problem.selection))
        rewards = parts(nothing, course.highest, course.first.marks.share)
        ended = "attempts" if course.used + 1 == self.max_attempts else ""
        info = (yield from self._final(course.best)) if ended else {}
        course.told = reason
        course.log.append(f"attempt {course.used + 1}: not a program")
        return self._counted(Turn(rewards[self.reward], rewards, ended, info))

    def surrendered(self) -> Asking[Turn]:
        """Ends the episode with the best program so far."""
        info = yield from self._final(self.now.best)
        self.now.log.append("surrendered")
        return Turn(0.0, dict.fromkeys(REWARDS, 0.0), "surrendered", {"attempts": self.now.used, **info})

    def _counted(self, turn: Turn) -> Turn:
        self.now.used += 1
        self.now.last_reward = turn.reward
        turn.info["attempts"] = self.now.used
        return turn

    @property
    def now(self) -> Course:
        """The episode under way."""
        if self.course is None:
            raise ValueError("the environment has no episode; call reset() first")
        return self.course

    # Judging.

    def _final(self, best: Tried) -> Asking[Info]:
        """What the end of an episode tells about its best program."""
        score = yield from hidden_score(self.now.problem, best.source)
        return {"hidden_score": score, "solved": score == 1.0, "best_attempt": best.number, "program": best.source}


def hidden_score(problem: Problem, source: str) -> Asking[float]:
    """The share of hidden cases that a program passes; NaN when the problem has none."""
    [report] = yield from judged(problem, source, problem.hidden)
    reports = [report]
    if problem.test_code:
        code = CodeTests(problem.test_code, problem.test_prelude)
        reports += yield [Judge(program_of(problem, source), [code], None, limits(problem))]
    total = sum(report.total for report in reports)
    return sum(report.passed for report in reports) / total if total else float("nan")


def _line(tried: Tried, better: bool) -> str:
    """An attempt in the words of the history."""
    total = len(tried.marks.shown)
    chosen = ", the best so far" if better else ""
    return f"attempt {tried.number}: passes {tried.shown_passed} of {total} tests{chosen}"


def _warn_of_missing_cases(problems: Sequence[Problem]) -> None:
    """A word about problems whose author could have hidden cases made, and has none."""
    bare = [each.id for each in problems if each.grammar and each.references and not (each.hidden or each.test_code)]
    if bare:
        warn_once(
            f"{len(bare)} of {len(problems)} problems have no hidden cases: nothing says whether a program is right; "
            f"the first is {bare[0]}. Make some with: python -m envs.problems check FILE --write PROVED.jsonl"
        )
