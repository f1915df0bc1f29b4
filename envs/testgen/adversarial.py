"""`TestGen-Adversarial-v0`: write tests against an adversary, who answers with bugs that survive the tests so far.

Every round the agent adds a test. Where it exposes the program shown, the adversary answers with another wrong program
that passes all right tests of the episode; if it finds none, the agent has won. Between episodes nothing is kept
unless there is a `pool`; with a pool and `rounds=1` this is the single-step setting of ATGen (2025), in which the
adversary's answer waits in the place of the program that was faced.

    mode            the adversary answers          an episode begins with
    static          never                          the bug drawn
    unconditional   after every round              whoever sits in the drawn bug's seat
    adaptive        after an exposure              the same
    archive         after an exposure              half of the time a past adversary
    learnability    after an exposure, preferring  any program of the problem, drawn by 4 p (1 - p), p being how often
                    what is learnable              it was exposed of late

Promises: rewards are those of `rewards.py`. Ends: "won" when the adversary has no answer, "exposed" when nobody answers
(static, or before `start_adversary_step`), both of which pay for the rounds not needed; "missed" after an only round;
"rounds" when all rounds are spent. The news of a round reach the pool when the step is over.
Does not promise that a seeded reset undoes what a pool has learnt: make a new pool for that.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from random import Random
from typing import Any

from envs.asking import Asking, settle
from envs.episode import Info, Step, Turn
from envs.judging import judge, right_answers
from envs.keywords import has_method, whole_number
from envs.problems.bugs import Bug
from envs.problems.inputs import Input
from envs.testgen import rewards
from envs.testgen.adversary import Adversary, BugAdversary, Scene, answer
from envs.testgen.examine import Examined
from envs.testgen.opponents import News, Opponent, OpponentPool, check_mode, pool_from, replaces
from envs.testgen.writing import TestWritingEnv, most_exposing
from envs.text import TestCase
from envs.vector import TextVectorEnv
from sandbox import Report, SandboxFault, Verdict


class TestGenAdversarialEnv(TestWritingEnv):
    """A game of tests against wrong programs."""

    TURN = "round"

    def __init__(
        self,
        rounds: int = 5,
        mode: str = "adaptive",
        max_retries: int = 30,
        start_adversary_step: int = 0,
        adversary: Adversary | None = None,
        pool: OpponentPool | Mapping[str, Any] | bool | None = None,
        **keywords: Any,
    ) -> None:
        super().__init__(whole_number("rounds", rounds), **keywords)
        self.opponents = pool_from(pool)
        self.keeps_pool = self.opponents is not None
        """Whether the pool is part of this environment's `state()`."""
        self.start_adversary_step = whole_number("start_adversary_step", start_adversary_step, 0)
        check_mode(mode, rounds, start_adversary_step, self.opponents)
        self.mode, self.max_retries = mode, whole_number("max_retries", max_retries)
        if adversary is not None:
            has_method("adversary", adversary, "propose")
        self.adversary = BugAdversary() if adversary is None else adversary
        self.seat = ""
        """The bug in whose place the episode's first program sits."""
        self.faced: list[Opponent] = []
        """The programs of the episode; the last one is shown."""
        self.refused: set[str] = set()
        """Programs that no answer of the episode can be."""
        self._news: News | None = None

    def starting(self, options: Mapping[str, Any]) -> Asking[Info]:
        """Draws a problem, a seat, and who sits there."""
        yield from ()
        problem, bug_pool, bug, bugs, rng = self.drawn(options)
        first = _opponent(bug)
        if self.opponents is not None and options.get("bug") is None:
            others = [_opponent(each) for each in bugs]
            first = self.opponents.draw(self.mode, problem.id, first, others, rng)
        self.problem, self.bug_pool, self.seat = problem, bug_pool, bug.id
        self.actions, self.feedback, self.faced, self.refused = [], "", [], set()
        self._face(first)
        return {"bug": first.id, "tier": first.tier}

    def _face(self, opponent: Opponent) -> None:
        self.faced.append(opponent)
        self.refused.add(opponent.source)
        self.show(opponent.id, opponent.tier, opponent.source)

    def stepping(self, action: Any) -> Asking[Turn]:
        """Judges a test, and lets the adversary answer."""
        rng = self.random()
        seen = yield from self.examined(action)
        plays = self._plays()
        found, tries, refused = None, 0, self.refused
        if plays and replaces(self.mode, seen.attacks):
            scene = self._scene(seen)
            found, tries = yield from answer(self.adversary, scene, self.max_retries, rng)
            refused = scene.refused
        return self._turn(seen, plays, found, tries, refused)

    def _plays(self) -> bool:
        """Whether the adversary is in the game."""
        if self.mode == "static" or (self.budget == 1 and self.opponents is None):
            return False
        return self.opponents is None or self.opponents.steps >= self.start_adversary_step

    def _scene(self, seen: Examined) -> Scene:
        """What the adversary is shown: the right tests, the new one included."""
        tests = [*self.cases, *([seen.case] if seen.correct and seen.case else [])]
        pool = self._bugs()
        scene = Scene(self.problem, tests, self.code, pool, self.choice.shared(pool), refused=set(self.refused))
        if self.opponents is not None:
            scene.inputs = list(self.opponents.inputs.get(self.problem.id, ()))
            if self.mode == "learnability":
                scene.worth = self.opponents.learnability
        return scene

    def _turn(self, seen: Examined, plays: bool, found: Opponent | None, tries: int, refused: set[str]) -> Turn:
        parts = self.parts(seen, int(seen.attacks), 1)
        info = {**self.facts(seen), "tries": tries, "answered_by": found.id if found else ""}
        self.actions.append(seen)
        ended = self._ended_by(seen, plays, found)
        if self.budget > 1:
            parts["spared"] = float(self.budget - len(self.actions)) if ended in ("won", "exposed") else 0.0
        if ended:
            info["hidden_score"] = self._hidden_score(ended)
        if self.opponents is not None:
            told = seen.case if seen.correct and "cases" in self.problem.unproved else None
            test = told.args if told is not None else None
            self._news = News(self.problem.id, self.seat, self.faced[-1], seen.attacks, found, test)
        self.refused = refused
        self.feedback = f"{seen.told} {self._said(seen, plays, found)}".rstrip()
        if found is not None:
            self._face(found)
        return Turn(rewards.total(parts, self.weights), parts, ended, info)

    def _ended_by(self, seen: Examined, plays: bool, found: Opponent | None) -> str:
        if seen.attacks and found is None:
            return "won" if plays else "exposed"
        if self.budget == 1:
            return "exposed" if seen.attacks else "missed"
        return "rounds" if len(self.actions) == self.budget else ""

    def _hidden_score(self, ended: str) -> float:
        """The share of the rounds whose test exposed the program faced; rounds that were not needed count."""
        spared = self.budget - len(self.actions) if ended in ("won", "exposed") else 0
        return (sum(seen.attacks for seen in self.actions) + spared) / self.budget

    def _said(self, seen: Examined, plays: bool, found: Opponent | None) -> str:
        if found is not None and self.budget > 1:
            return "The adversary has answered with another program, which passes all tests so far."
        return "The adversary has no answer: you have won." if plays and seen.attacks and found is None else ""

    # The pool hears of a round when the step is over: a vector ends the steps of its members in their order.

    def moved(self, result: Turn | SandboxFault) -> Step:
        """What `step` returns; tells the pool."""
        if isinstance(result, Turn) and self._news is not None and self.opponents is not None:
            self.opponents.tell(self._news)
        self._news = None
        return super().moved(result)

    def state(self) -> dict[str, Any]:
        """What must be kept between episodes, the pool included."""
        kept = {"opponents": self.opponents.state()} if self.opponents is not None and self.keeps_pool else {}
        return {**super().state(), **kept}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Goes back to a `state()`."""
        super().restore(state)
        if self.opponents is not None and "opponents" in state:
            self.opponents.restore(state["opponents"])

    # What is seen, and the best move.

    def standing(self) -> str:
        """One line for a person."""
        answers = len(self.faced) - 1
        return f"{super().standing()} · mode {self.mode} · the adversary has answered {answers} times"

    @property
    def best_reward(self) -> float:
        """What the oracle earns now: with its test right and exposing, 1 and a point for each round that it spares. To
        know these, an adversary that would answer is asked what he would say.
        """
        return 1.0 + settle(self._spared_by_oracle(), self.box)

    def _spared_by_oracle(self) -> Asking[int]:
        """The rounds that are not needed any more after the oracle's test."""
        left = self.budget - len(self.actions) - 1
        if not left or not self._plays():
            return left
        args = yield from self.best_input()
        [right] = yield from right_answers(self.problem, [args])
        scene = self._scene(Examined(TestCase(args), case=right.case, correct=True))
        rng = Random(int(deepcopy(self.np_random).integers(2**62)))  # what `stepping` will draw
        found, _ = yield from answer(self.adversary, scene, self.max_retries, rng)
        return 0 if found else left

    def best_input(self) -> Asking[Input]:
        """An input that exposes the program shown: of the pool, or of a hidden case."""
        bugs = self._bugs()
        shown = next((bug for bug in bugs.bugs if bug.source == self.code), None)
        if shown is not None:
            return most_exposing(bugs, shown, [bug for bug in bugs.bugs if bug.source not in self.refused])
        report: Report
        [report] = yield [judge(self.problem, self.code, self.problem.hidden)]
        return next(
            case.args
            for case, verdict in zip(self.problem.hidden, report.verdicts, strict=True)
            if verdict is not Verdict.PASS
        )


def _opponent(bug: Bug) -> Opponent:
    return Opponent(bug.id, bug.source, bug.tier)


def vector(
    num_envs: int = 1, pool: OpponentPool | Mapping[str, Any] | bool | None = None, **keywords: Any
) -> TextVectorEnv:
    """Many of them, judged together; they share one pool, which only the first of them saves."""
    made = TextVectorEnv(TestGenAdversarialEnv, num_envs, pool=pool_from(pool), **keywords)
    for member in made.members[1:]:
        if isinstance(member, TestGenAdversarialEnv):
            member.keeps_pool = False
    return made
