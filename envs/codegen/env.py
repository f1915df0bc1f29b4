"""`CodeGen-Adversarial-v0`: write a wrong program that a tester's tests do not catch.

An episode begins with the tester's tests, all of them right. Every attempt is a whole program, judged first by these
tests and then by the hidden cases; the observation says what caught it. It ends with the first program that escapes.

Promises: rewards are those of `rewards.py`, from verdicts and the distance to the references alone; no answer of the
hidden cases is shown. Ends: "escaped"; "missed" after an only attempt; "attempts" when all are spent. With equal
weights an attempt that fails costs, so nobody gains by waiting.
Does not promise that a program which draws lots is judged the same way twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from gymnasium.spaces import Dict, Discrete

from envs.asking import Asking, settle
from envs.codegen import rewards
from envs.codegen.attempt import Attempt, tried
from envs.codegen.distance import distance
from envs.codegen.tester import GrammarTester, Tester, right_tests
from envs.episode import Info, Observation, TextEnv, Turn
from envs.judging import judge
from envs.keywords import has_method, whole_number
from envs.problems import Case, Problem
from envs.problems.bugs import Bug
from envs.spaces import UnicodeText
from envs.testgen.bugs import pool_of
from envs.testgen.examine import sentence
from envs.testgen.rewards import FULL, check_weights, total
from envs.testgen.writing import LONGEST_ACTION, TEXTS
from envs.text import Misread, describe_cases, read_program
from envs.vector import TextVectorEnv
from sandbox import Limits, Report

if TYPE_CHECKING:
    from rich.console import RenderableType

FIELDS = ("task", "problem", "signature", "tests", "feedback")
TRIED_BY_ORACLE = 6
"""Bugs of the generator that are judged in full."""
QUICK = Limits(cpu_s=0.25)
"""For bugs that the oracle looks at: those that take long it leaves alone."""


class CodeGenAdversarialEnv(TextEnv):
    """Write wrong programs against a tester."""

    OPTIONS: ClassVar[tuple[str, ...]] = ("problem",)

    def __init__(
        self,
        attempts: int = 3,
        tests: int = 8,
        tester: Tester | None = None,
        weights: Mapping[str, float] | None = None,
        **keywords: Any,
    ) -> None:
        super().__init__(**keywords)
        self.budget, self.count = whole_number("attempts", attempts), whole_number("tests", tests)
        if tester is not None:
            has_method("tester", tester, "propose")
        self.tester = GrammarTester() if tester is None else tester
        self.weights = check_weights(weights, rewards.PARTS)
        counts = {name: Discrete(self.budget + 1) for name in ("attempt", "budget")}
        self.observation_space = Dict({**{name: deepcopy(TEXTS[name]) for name in FIELDS}, **counts})
        self.action_space = UnicodeText(LONGEST_ACTION)
        self.tests: list[Case] = []
        self._written = ""
        """The tests as they are read."""
        self.attempts: list[Attempt] = []
        self.feedback = ""
        self._best: tuple[str, float] | None = None
        """What the oracle found in this episode."""
        for problem in self.problems:
            if not problem.hidden or not problem.references:
                raise ValueError(
                    f"problems: {problem.id} has no {'reference' if problem.hidden else 'hidden case'}, so nothing can "
                    "tell a bug from a right program; leave it out"
                )
            if tester is None and not (problem.grammar or problem.sampler or problem.visible or problem.selection):
                raise ValueError(_without_tests(problem))

    def starting(self, options: Mapping[str, Any]) -> Asking[Info]:
        """Draws a problem and has the tester write its tests."""
        problem, rng = self.pick_problem(options), self.random()
        tests, refused = yield from right_tests(self.tester, problem, self.count, rng)
        if not tests:
            raise ValueError(_without_tests(problem))
        self.problem, self.tests, self.attempts, self.feedback = problem, tests, [], ""
        self._written = describe_cases(tests, problem.kind, problem.entry, TEXTS["tests"].max_length)
        self._best = None
        return {"tests": len(tests), "tests_refused": refused}

    def stepping(self, action: Any) -> Asking[Turn]:
        """Judges one program."""
        attempt = yield from tried(self.problem, self._read(action), self.tests)
        parts = self._parts(attempt)
        escaped = parts["attack"] > 0
        self.attempts.append(attempt)
        ended = self._ended_by(escaped)
        self.feedback = self._told(attempt, escaped)
        info = self._facts(attempt, escaped)
        if ended:
            info["hidden_score"] = float(escaped)
        return Turn(total(parts, self.weights), parts, ended, info)

    def _read(self, action: Any) -> str | Misread:
        if not isinstance(action, str):
            raise ValueError(f"step: the action is {type(action).__name__}, not a text; give a program as a string")
        if len(action) > LONGEST_ACTION:
            return Misread(f"the answer has {len(action):,} characters; at most {LONGEST_ACTION:,} are read")
        return read_program(action, self.problem.entry)

    def _parts(self, attempt: Attempt) -> dict[str, float]:
        return rewards.parts(
            read=not attempt.refusal,
            passes_tests=attempt.passes_tests,
            failed=attempt.failed,
            hidden=attempt.hidden,
            tests=len(self.tests),
            edits=attempt.edits,
            size=attempt.size,
        )

    def _ended_by(self, escaped: bool) -> str:
        if escaped:
            return "escaped"
        if self.budget == 1:
            return "missed"
        return "attempts" if len(self.attempts) == self.budget else ""

    def _facts(self, attempt: Attempt, escaped: bool) -> Info:
        share = attempt.failed / attempt.hidden if attempt.hidden else 0.0
        return {
            "valid": not attempt.refusal,
            "refusal": attempt.refusal,
            "passes_tests": attempt.passes_tests,
            "caught_by": attempt.caught_by,
            "escaped": escaped,
            "hidden_failed": attempt.failed,
            "hidden_judged": attempt.hidden,
            "exposure": rewards.exposure(share, len(self.tests)),
            "edits": attempt.edits,
        }

    def _told(self, attempt: Attempt, escaped: bool) -> str:
        if attempt.refusal:
            return sentence(f"No program was read: {attempt.refusal}")
        if not attempt.passes_tests:
            return f"Test {attempt.caught_by + 1} of {len(self.tests)} catches it: {attempt.what}"
        if escaped:
            return f"It escapes: it passes all {len(self.tests)} tests, and is wrong."
        return (
            f"It passes all {len(self.tests)} tests, but does not escape: it is right, or wrong "
            "now and then on the same input, or wrong on too many inputs for an attempt at the problem."
        )

    def observation(self) -> Observation:
        """The statement, the tests, and the feedback to the last attempt."""
        texts = {
            "task": "codegen",
            "problem": self.problem.statement,
            "signature": self.problem.signature,
            "tests": self._written,
            "feedback": self.feedback,
        }
        done = len(self.attempts)
        return {
            **{name: TEXTS[name].fit(texts[name]) for name in FIELDS},
            "attempt": done,
            "budget": self.budget - done,
        }

    @property
    def escaped(self) -> bool:
        """Whether the last attempt escaped."""
        return bool(self.attempts) and self._parts(self.attempts[-1])["attack"] > 0

    def picture(self) -> RenderableType:
        """The problem, the tests, and the last program beside the nearest reference."""
        from envs.codegen.picture import picture

        return picture(self)

    # For checks and baselines, who may know what agents must not.

    def oracle_action(self) -> str:
        """The program of the bug generator that earns the most here, as far as a few tries tell."""
        return self._oracle()[0]

    @property
    def best_reward(self) -> float:
        """What the oracle earns now: 1 where a bug is small, learnable and passes the tests; where the tests catch all
        that it knows, as much as any program that is caught.
        """
        return self._oracle()[1]

    def _oracle(self) -> tuple[str, float]:
        if self._best is None:
            self._best = settle(self.oracle(), self.box)
        return self._best

    def noop_action(self) -> str:
        """A right program."""
        return self.problem.references[0].source

    def oracle(self) -> Asking[tuple[str, float]]:
        """The asking behind `oracle_action`, with what it earns."""
        pool = pool_of(self.problem, self.box)
        bugs = sorted(pool.bugs, key=self._promise, reverse=True)
        best, free = bugs[0].source, 0
        most = total(self._parts(Attempt(best, caught_by=0)), self.weights)  # where every bug is caught
        for first in range(0, len(bugs), TRIED_BY_ORACLE):  # a few at once: some of them never end
            some = bugs[first : first + TRIED_BY_ORACLE]
            asks = [judge(self.problem, bug.source, self.tests, strict=True) for bug in some]
            reports: list[Report] = yield [replace(ask, limits=QUICK) for ask in asks]
            for bug, report in zip(some, reports, strict=True):
                if report.all_passed and most < FULL and free < TRIED_BY_ORACLE:
                    free += 1
                    earned = total(self._parts((yield from tried(self.problem, bug.source, self.tests))), self.weights)
                    best, most = max((best, most), (bug.source, earned), key=lambda pair: pair[1])
            if free == TRIED_BY_ORACLE or most == FULL:
                break
        return f"```python\n{best.rstrip()}\n```", most

    def _promise(self, bug: Bug) -> float:
        """What a bug should earn if it escapes, going by the inputs on which it was measured."""
        edits, size = distance(bug.source, [reference.source for reference in self.problem.references])
        return rewards.learnable(bug.rate, len(self.tests)) + rewards.small(edits, size)


def _without_tests(problem: Problem) -> str:
    return (
        f"problems: {problem.id} has no visible case, and its tester writes no right test, so any program would pass; "
        "give it visible cases, a grammar or a sampler, or leave it out"
    )


def vector(num_envs: int = 1, **keywords: Any) -> TextVectorEnv:
    """Many of them, judged together."""
    return TextVectorEnv(CodeGenAdversarialEnv, num_envs, **keywords)
