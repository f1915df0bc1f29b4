"""`TestGen-v0`: given a problem and a wrong program, write a test that exposes it.

One action is one test case, in any form that `envs.text.read_test` reads. With `tests=1` an episode is one step, as in
ATGen (2025). With more, the tests of an episode make a suite: a right test is paid for the bugs of the problem that
it is the first to expose, and the program shown is always one that no test has exposed.

Promises: rewards are those of `rewards.py`, from verdicts alone. Ends: "exposed" or "missed" after an only test;
"killed" when no bug is left, which pays for the tests that were not needed; "tests" when all tests are spent.
Does not promise that the bugs of a problem can all be exposed in so many tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from envs.asking import Asking
from envs.episode import Info, Turn
from envs.judging import Right
from envs.keywords import whole_number
from envs.problems.bugs import Bug
from envs.problems.inputs import Input
from envs.problems.plain import key
from envs.testgen import rewards
from envs.testgen.bugs import kills
from envs.testgen.examine import Examined
from envs.testgen.writing import TestWritingEnv, most_exposing
from envs.text import TestCase
from envs.vector import TextVectorEnv


class TestGenEnv(TestWritingEnv):
    """Write tests that expose a fixed pool of wrong programs."""

    def __init__(self, tests: int = 1, **keywords: Any) -> None:
        super().__init__(whole_number("tests", tests), **keywords)
        self.alive: list[Bug] = []
        """The bugs that no test of the episode has exposed; the first one is shown."""
        self.total = 1
        """How many there were at the beginning."""

    def starting(self, options: Mapping[str, Any]) -> Asking[Info]:
        """Draws a problem and a bug, and with several tests the order of all others."""
        yield from ()
        self.problem, self.bug_pool, bug, bugs, rng = self.drawn(options)
        others = rng.sample(bugs, len(bugs)) if self.budget > 1 else []
        self.alive = [bug, *(other for other in others if other is not bug)]
        self.total, self.actions, self.feedback = len(self.alive), [], ""
        self.show(bug.id, bug.tier, bug.source)
        return {"bug": bug.id, "tier": bug.tier}

    def stepping(self, action: Any) -> Asking[Turn]:
        """Judges one test."""
        seen = yield from self.examined(action)
        exposed = yield from self._exposed(seen)
        return self._turn(seen, exposed)

    def _exposed(self, seen: Examined) -> Asking[list[bool]]:
        """Which of the bugs alive a test exposes; a test that is not right exposes none."""
        shown, *others = self.alive
        if not seen.correct or seen.case is None:
            return [False] * len(self.alive)
        right = Right(seen.case.args, seen.case.expected)
        rest = (yield from kills(self.problem, self._bugs(), others, right)) if others else []
        return [seen.exposes, *rest]

    def _turn(self, seen: Examined, exposed: list[bool]) -> Turn:
        parts = self.parts(seen, sum(exposed), len(self.alive))
        info = {**self.facts(seen), "newly_exposed": sum(exposed)}
        self.actions.append(seen)
        self.alive = [bug for bug, dead in zip(self.alive, exposed, strict=True) if not dead]
        ended = self._ended_by(seen)
        if self.budget > 1:
            parts["spared"] = float(self.budget - len(self.actions)) if ended == "killed" else 0.0
        if ended:
            info["hidden_score"] = 1 - len(self.alive) / self.total
        self.feedback = seen.told + (self._standing(sum(exposed)) if self.budget > 1 else "")
        if self.alive:
            self.show(self.alive[0].id, self.alive[0].tier, self.alive[0].source)
        return Turn(rewards.total(parts, self.weights), parts, ended, info)

    def _ended_by(self, seen: Examined) -> str:
        if self.budget == 1:
            return "exposed" if seen.attacks else "missed"
        if not self.alive:
            return "killed"
        return "tests" if len(self.actions) == self.budget else ""

    def _standing(self, newly: int) -> str:
        return f" Programs exposed for the first time: {newly}; left: {len(self.alive)} of {self.total}."

    def standing(self) -> str:
        """One line for a person."""
        return super().standing() + (f" · {len(self.alive)} of {self.total} bugs left" if self.budget > 1 else "")

    @property
    def best_reward(self) -> float:
        """What the oracle earns now."""
        if not self.alive:
            return 1.0
        args = most_exposing(self._bugs(), self.alive[0], self.alive)
        newly = sum(bug.kills(self._bugs().place_of[key(args)]) for bug in self.alive)
        parts = self.parts(Examined(TestCase(args), correct=True), newly, len(self.alive))
        spared = self.budget - len(self.actions) - 1 if newly == len(self.alive) else 0
        return rewards.total({**parts, "spared": float(spared)}, self.weights)

    def best_input(self) -> Asking[Input]:
        """The input of the pool that exposes the bug shown and the most others."""
        yield from ()
        pool = self._bugs()
        if not self.alive:
            raise ValueError("no bug of the episode is left to expose; call reset() first")
        return most_exposing(pool, self.alive[0], self.alive)


def vector(num_envs: int = 1, **keywords: Any) -> TextVectorEnv:
    """Many of them, judged together."""
    return TextVectorEnv(TestGenEnv, num_envs, **keywords)
