"""Who chooses the next repair strategy: a bandit, or one of the rules that a bandit must beat.

Promises: a chooser sees what the environment shows and its own past, nothing else; `learn` credits each
choice with its own reward. A rule learns nothing. An action is a place in `envs.repairer.STRATEGIES`, or an arm of
somebody else's environment; where that shows no verdicts, the hint ladder does what round-robin does, and is no rule
to be measured.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from gymnasium.spaces import Box, Dict, Space

from agents.bandits import Bandit, Choice
from agents.context import Context
from sandbox import Verdict

Observation = Mapping[str, Any]

FIRST_HINTS = 3
"""So many attempts of an episode are the hint ladder's; later ones go round what it has not tried."""
HINT_FOR = {Verdict.SYNTAX: 3, Verdict.TIMEOUT: 1, Verdict.EXCEPTION: 2, Verdict.MEMORY: 2, Verdict.CRASH: 2}
"""Verdict -> syntax_check, step_by_step_reasoning, error_specific_feedback."""
HINTS_WHEN_WRONG = (0, 1, 2)
"""For a wrong answer, in turn: default, step_by_step_reasoning, error_specific_feedback."""


class Chooser(Protocol):
    """Chooses a strategy for each attempt."""

    name: str

    def begin(self, episode: int) -> None:
        """A new episode, with its number."""

    def choose(self, observation: Observation) -> Choice:
        """The next strategy."""

    def learn(self, choice: Choice, reward: float | None) -> None:
        """What the choice earned; None when the machine failed."""


class Rule(ABC):
    """A chooser that learns nothing; a subclass says how probable each arm is."""

    name = "rule"

    def __init__(self, arms: int = 10) -> None:
        self.arms = arms
        self.used: list[int] = []
        """The choices of the episode so far."""

    def begin(self, episode: int) -> None:
        """A new episode."""
        self.used = []

    def choose(self, observation: Observation) -> Choice:
        """The next strategy."""
        arm, propensity = self.pick(observation)
        self.used.append(arm)
        return Choice(arm, propensity, len(self.used))

    @abstractmethod
    def pick(self, observation: Observation) -> tuple[int, float]:
        """An arm and its probability."""

    def learn(self, choice: Choice, reward: float | None) -> None:
        """Takes no note of it."""
        del choice, reward


class Fixed(Rule):
    """Always the same strategy."""

    def __init__(self, arm: int, arms: int = 10) -> None:
        super().__init__(arms)
        self.arm, self.name = arm, f"fixed_{arm}"

    def pick(self, observation: Observation) -> tuple[int, float]:
        return self.arm, 1.0


class RoundRobin(Rule):
    """Each strategy in its turn, from the first one in every episode."""

    name = "round_robin"

    def pick(self, observation: Observation) -> tuple[int, float]:
        return len(self.used) % self.arms, 1.0


class Uniform(Rule):
    """Any strategy, at random; which ones depends on the seed and the number of the episode alone."""

    name = "random"

    def __init__(self, arms: int = 10, seed: int = 0) -> None:
        super().__init__(arms)
        self.seed = seed
        self._rng = np.random.default_rng(seed)

    def begin(self, episode: int) -> None:
        super().begin(episode)
        self._rng = np.random.default_rng((self.seed, episode, 3))

    def pick(self, observation: Observation) -> tuple[int, float]:
        return int(self._rng.integers(self.arms)), 1 / self.arms


class HintLadder(Rule):
    """What the verdict suggests for the first attempts; then the strategies that were not tried yet, in order."""

    name = "hint_ladder"

    def pick(self, observation: Observation) -> tuple[int, float]:
        return hint(observation, self.used, self.arms), 1.0


def shows_verdicts(space: Space[Any]) -> bool:
    """Whether observations have the share of each verdict, which the hint ladder goes by."""
    field = space.spaces.get("verdicts") if isinstance(space, Dict) else None
    return isinstance(field, Box) and field.shape == (len(Verdict),)


def hint(observation: Observation, used: Sequence[int], arms: int) -> int:
    """The ladder's next step, after these choices."""
    seen = np.asarray(observation.get("verdicts", ()) if isinstance(observation, Mapping) else ())
    if seen.shape != (len(Verdict),) or len(used) >= FIRST_HINTS:
        untried = [arm for arm in range(arms) if arm not in used]
        return untried[0] if untried else len(used) % arms
    shares = dict(zip(Verdict, seen.tolist(), strict=True))
    failing = {verdict: share for verdict, share in shares.items() if verdict is not Verdict.PASS and share > 0}
    worst = max(failing, key=lambda verdict: failing[verdict], default=Verdict.WRONG)
    return min(HINT_FOR.get(worst, HINTS_WHEN_WRONG[len(used)]), arms - 1)


class BanditChooser:
    """A bandit that learns while it chooses; the first `hints` attempts of an episode may be the ladder's.

    With `learning=False` it is as trained: it takes the best arm it knows, explores nothing and learns nothing.
    """

    def __init__(self, bandit: Bandit, context: Context, name: str = "bandit", hints: int = 0, learning: bool = True):
        self.bandit, self.context, self.name = bandit, context, name
        self.hints, self.learning = hints, learning
        self._used: list[int] = []
        self._hinted: dict[int, np.ndarray[Any, np.dtype[np.float64]]] = {}

    def begin(self, episode: int) -> None:
        """A new episode."""
        self._used = []
        self.context.begin()

    def choose(self, observation: Observation) -> Choice:
        """The bandit's choice, or the ladder's hint."""
        seen = self.context.of(observation)
        if len(self._used) < self.hints:
            ticket = -1 - len(self._used)  # below 0: no ticket of the bandit
            self._hinted[ticket] = seen
            choice = Choice(hint(observation, self._used, self.bandit.arms), 1.0, ticket)
        elif self.learning:
            choice = self.bandit.choose(seen)
        else:
            choice = Choice(self.bandit.best(seen), 1.0, 0)
        self._used.append(choice.arm)
        return choice if seen is None else replace(choice, context=tuple(map(float, seen)))

    def learn(self, choice: Choice, reward: float | None) -> None:
        """Credits the reward to its own choice, whoever made it."""
        self.context.after(choice.arm, reward)
        if not self.learning:
            return
        if choice.ticket < 0:
            self.bandit.observe(choice.arm, self._hinted.pop(choice.ticket), reward)
        else:
            self.bandit.learn(choice.ticket, reward)
