"""What the environments of test writers share: observations, feedback, the parts of the reward, the best move.

Promises: an observation shows the statement, the program, the right tests so far and what the last action came to;
the right answer to an input is never shown before the agent has found it. Texts too long for their space are cut
visibly. Does not promise which program is shown: that is for the environment to say.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar

from gymnasium.spaces import Dict, Discrete

from envs.asking import Asking, settle
from envs.episode import Info, Observation, TextEnv
from envs.judging import right_answers
from envs.keywords import one_of
from envs.problems import Case, Problem
from envs.problems.bugs import Bug, BugPool
from envs.problems.inputs import Input
from envs.spaces import UnicodeText
from envs.testgen import rewards
from envs.testgen.bugs import BugChoice, named, pool_of
from envs.testgen.examine import ANSWERS, Examined, examine, input_key
from envs.text import TestCase, describe_case, describe_cases

if TYPE_CHECKING:
    from rich.console import RenderableType

LONGEST_ACTION, LONGEST_TEXT = 20_000, 20_000
TEXTS = {
    "task": UnicodeText(20),
    "problem": UnicodeText(LONGEST_TEXT),
    "signature": UnicodeText(500),
    "code": UnicodeText(LONGEST_TEXT),
    "tests": UnicodeText(LONGEST_TEXT),
    "feedback": UnicodeText(4_000),
}
"""The texts of an observation."""


class TestWritingEnv(TextEnv):
    """An environment whose actions are tests of a wrong program."""

    __test__ = False  # pytest would take it for a class of tests
    TURN: ClassVar[str] = "attempt"
    """The field of an observation that counts the actions so far."""

    def __init__(
        self,
        budget: int,
        /,
        tiers: str | Collection[str] | None = None,
        bugs: str = "all",
        share: str = "all",
        bugs_each: int | None = None,
        answer: str = "agent",
        weights: Mapping[str, float] | None = None,
        **keywords: Any,
    ) -> None:
        super().__init__(**keywords)
        one_of("answer", answer, ANSWERS)
        self.budget, self.choice = budget, BugChoice(bugs, tiers, share, bugs_each)
        self.answer, self.weights = answer, rewards.check_weights(weights)
        counts = {name: Discrete(budget + 1) for name in (self.TURN, "budget")}
        self.observation_space = Dict({**deepcopy(TEXTS), **counts})  # whoever samples has a source of his own
        self.action_space = UnicodeText(LONGEST_ACTION)
        self.bug_pool: BugPool | None = None
        self.code = ""
        """The program shown."""
        self.bug = self.tier = ""
        """Its id and tier, where it has them."""
        self.actions: list[Examined] = []
        """What every action of the episode was worth."""
        self.feedback = ""

    # How an episode begins.

    def drawn(self, options: Mapping[str, Any]) -> tuple[Problem, BugPool, Bug, list[Bug], Random]:
        """A problem, its pool, the bug to begin with, all bugs that could have been drawn, and a random source."""
        name = options.get("bug")
        if name is not None:
            options = self.with_problem(options, str(name))
        first = self.pick_problem(options)
        problem, bugs = self._with_bugs(first, fixed=options.get("problem") is not None, any_kind=name is not None)
        rng = self.random()
        bug = self.choice.drawn(bugs, rng)
        pool = pool_of(problem, self.box)
        return problem, pool, bug if name is None else named(pool, str(name)), bugs, rng

    def _with_bugs(self, first: Problem, fixed: bool, any_kind: bool) -> tuple[Problem, list[Bug]]:
        """The problem, or where it has no bug of the wanted kind the next one that has."""
        place = next(number for number, problem in enumerate(self.problems) if problem is first)
        for problem in [first] if fixed else [*self.problems[place:], *self.problems[:place]]:
            pool = pool_of(problem, self.box)
            bugs = self.choice.of(pool) or (list(pool.bugs) if any_kind else [])
            if bugs:
                return problem, bugs
        where = first.id if fixed else f"any of {len(self.problems)} problems"
        raise ValueError(f"reset: no bug of {where} has {self.choice}; ask for other tiers, kinds or problems")

    def show(self, bug: str, tier: str, code: str) -> None:
        """Puts a program before the agent."""
        self.bug, self.tier, self.code = bug, tier, code

    # What an action is worth.

    def examined(self, action: Any) -> Asking[Examined]:
        """Examines an action against the program shown."""
        if not isinstance(action, str):
            raise ValueError(f"step: the action is {type(action).__name__}, not a text; give a test as a string")
        if len(action) > LONGEST_ACTION:
            return Examined(refusal=f"the answer has {len(action):,} characters; at most {LONGEST_ACTION:,} are read")
        before = {input_key(case.args, self.problem.kind) for case in self.cases}
        return (yield from examine(self.problem, self.code, action, self.answer, before))

    @property
    def cases(self) -> list[Case]:
        """The right tests of the episode."""
        return [seen.case for seen in self.actions if seen.correct and seen.case is not None]

    def parts(self, seen: Examined, newly: int, alive: int) -> dict[str, float]:
        """The parts of the reward."""
        return {
            "format": rewards.paid(seen.test is not None),
            "accuracy": rewards.paid(seen.correct),
            "attack": rewards.attack(seen.correct, newly, alive),
        }

    def facts(self, seen: Examined) -> Info:
        """What the info of a step says about the test."""
        return {
            "valid": not seen.refusal,
            "refusal": seen.refusal,
            "correct": seen.correct,
            "exposes": seen.attacks,
            "input_exposes": seen.exposes,
            "bug": self.bug,
            "tier": self.tier,
        }

    # What is seen.

    def observation(self) -> Observation:
        """The statement, the program, the right tests so far, and the feedback to the last action."""
        texts = {
            "task": "testgen",
            "problem": self.problem.statement,
            "signature": self.problem.signature,
            "code": self.code,
            "tests": describe_cases(self.cases, self.problem.kind, self.problem.entry, LONGEST_TEXT),
            "feedback": self.feedback,
        }
        done = len(self.actions)
        fitted = {name: TEXTS[name].fit(text) for name, text in texts.items()}
        return {**fitted, self.TURN: done, "budget": self.budget - done}

    def picture(self) -> RenderableType:
        """The problem, the program, the tests and their verdicts."""
        from envs.testgen.picture import picture

        return picture(self)

    def standing(self) -> str:
        """One line for a person."""
        return f"{self.budget - len(self.actions)} of {self.budget} tests left"

    # For checks and baselines, who may know what agents must not.

    def oracle_action(self) -> str:
        """A right test that exposes the program shown, and as many others as one test can."""
        return settle(self.oracle(), self.box)

    def oracle(self) -> Asking[str]:
        """The asking behind `oracle_action`."""
        args = yield from self.best_input()
        [right] = yield from right_answers(self.problem, [args])
        test = TestCase(args, right.value) if self.answer == "agent" else TestCase(args)
        return describe_case(test, self.problem.kind, self.problem.entry)

    def noop_action(self) -> str:
        """A well-formed test that says nothing: an example of the statement with a wrong answer."""
        case = next(iter((*self.problem.visible, *self.problem.hidden)), None)
        if case is None or self.answer == "references":
            return ""
        return describe_case(TestCase(case.args, "(nothing)\n"), self.problem.kind, self.problem.entry)

    @abstractmethod
    def best_input(self) -> Asking[Input]:
        """An input that exposes the program shown."""

    def _bugs(self) -> BugPool:
        """The bugs of the problem."""
        if self.bug_pool is None:
            raise ValueError("the environment was never reset; call reset() first")
        return self.bug_pool


def most_exposing(pool: BugPool, shown: Bug, others: Sequence[Bug]) -> Input:
    """The input of the pool that exposes one bug and the most of some others."""
    places = [place for place in range(len(pool.inputs)) if shown.kills(place)]
    return pool.inputs[max(places, key=lambda place: sum(bug.kills(place) for bug in others))]
