"""What every bandit shares: tickets, late and missing rewards, propensities, and a state that is JSON.

Promises: a reward is credited to the choice that its ticket was given for, however late and in whatever order
rewards come; a reward of None or NaN (a fault of the machine) teaches nothing; `state` is plain JSON, and a
bandit restored from it makes the same choices, bit for bit, as one that was never interrupted. Rewards must
lie in `reward_range`.
Does not promise thread safety: give each thread a bandit of its own, or a lock.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]

DRAWS = 256
"""Posterior draws for the propensity of a sampling bandit; the standard error of the estimate is at most 0.032."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of an arm."""

    arm: int
    propensity: float
    """The probability with which this arm was chosen here, as off-policy evaluation needs it."""
    ticket: int
    """What `learn` wants to hear together with the reward."""
    exact: bool = True
    """Whether the propensity is exact; otherwise it is estimated from `DRAWS` posterior draws and never zero."""
    context: tuple[float, ...] | None = None
    """What a contextual bandit saw, where its caller keeps that."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a bandit knows of an arm by itself, whatever the context was."""

    pulls: int
    """Rewards learnt for this arm."""
    mean: float
    """Their mean, NaN when there is none."""
    low: float
    """The lower end of a 95 % interval for the mean (normal approximation within the reward range)."""
    high: float


@dataclass(frozen=True, slots=True)
class _Pending:
    """A choice whose reward is still to come."""

    arm: int
    context: Vector | None
    propensity: float


class Bandit(ABC):
    """Chooses among `arms` arms, and learns from rewards that name the choice they belong to."""

    contextual = False
    """Whether choices depend on a context."""
    exact = True
    """Whether propensities are exact."""

    def __init__(
        self, arms: int, context_size: int = 0, seed: int = 0, reward_range: tuple[float, float] = (0.0, 1.0)
    ) -> None:
        if arms < 1:
            raise ValueError(f"{type(self).__name__}(arms={arms}): a bandit needs at least one arm")
        if self.contextual and context_size < 1:
            raise ValueError(f"{type(self).__name__}(context_size={context_size}): a contextual bandit needs a context")
        low, high = reward_range
        if not -math.inf < low < high < math.inf:
            name = f"{type(self).__name__}(reward_range={reward_range})"
            raise ValueError(f"{name}: the low end must be below the high, and both finite")
        self.arms, self.context_size, self.seed = arms, context_size, seed
        self.low, self.high = float(low), float(high)
        self.rng = np.random.default_rng(seed)
        self.missing = 0
        """Rewards that never came: None or NaN."""
        self._tickets = 0
        self._pending: dict[int, _Pending] = {}
        self._seen = np.zeros((3, arms))  # per arm: pulls, sum and sum of squares of rewards in [0, 1]

    @abstractmethod
    def probabilities(self, context: Vector | None = None) -> Vector:
        """How probable each arm is now; an estimate when `exact` is false."""

    @abstractmethod
    def values(self, context: Vector | None = None) -> Vector:
        """The expected reward of each arm as far as known, scaled to [0, 1]; for choosing without exploring."""

    @abstractmethod
    def _update(self, arm: int, context: Vector | None, reward: float, propensity: float) -> None:
        """Learns a reward in [0, 1]."""

    @abstractmethod
    def _knowledge(self) -> dict[str, Any]:
        """What was learnt, as JSON."""

    @abstractmethod
    def _know(self, knowledge: Mapping[str, Any]) -> None:
        """Takes back what `_knowledge` gave."""

    def choose(self, context: Sequence[float] | Vector | None = None) -> Choice:
        """Chooses an arm for this context; its reward may come at any later time, or never."""
        seen = self._checked(context)
        arm, propensity = self._pick(seen)
        self._tickets += 1
        self._pending[self._tickets] = _Pending(arm, seen, propensity)
        return Choice(arm, propensity, self._tickets, self.exact)

    def learn(self, ticket: int, reward: float | None) -> None:
        """Credits a reward to the choice with this ticket; None or NaN says that there will never be one."""
        choice = self._pending.pop(ticket, None)
        if choice is None:
            raise ValueError(f"learn(ticket={ticket}): no choice waits for a reward under it; each is rewarded once")
        if reward is None or math.isnan(reward):
            self.missing += 1
        else:
            self._learn(choice.arm, choice.context, reward, choice.propensity)

    def forget_waiting(self) -> None:
        """Expects no reward any more for the choices that wait for one: whoever made them is gone."""
        for ticket in list(self._pending):
            self.learn(ticket, None)

    def observe(
        self, arm: int, context: Sequence[float] | Vector | None, reward: float | None, propensity: float = 1.0
    ) -> None:
        """Learns from a choice that somebody else made, such as the hints at the start of an episode."""
        if not 0 <= arm < self.arms:
            raise ValueError(f"observe(arm={arm}): the arms are 0 to {self.arms - 1}")
        if not 0 < propensity <= 1:
            raise ValueError(f"observe(propensity={propensity}): a probability above 0 and up to 1 is needed")
        seen = self._checked(context)
        if reward is None or math.isnan(reward):
            self.missing += 1
        else:
            self._learn(arm, seen, reward, propensity)

    def best(self, context: Sequence[float] | Vector | None = None) -> int:
        """The arm with the highest expected reward, the first of several; explores nothing and changes nothing."""
        return int(np.argmax(self.values(self._checked(context))))

    def estimates(self) -> list[Estimate]:
        """Pulls, mean and interval of every arm, in units of the reward."""
        return [self._estimate(*column) for column in self._seen.T]

    @property
    def waiting(self) -> int:
        """Choices whose reward is still to come."""
        return len(self._pending)

    def waiting_for(self, arm: int) -> int:
        """Choices of this arm whose reward is still to come."""
        return sum(choice.arm == arm for choice in self._pending.values())

    def state(self) -> dict[str, Any]:
        """Everything that later choices depend on, as JSON."""
        return {
            "bandit": type(self).__name__,
            "arms": self.arms,
            "context_size": self.context_size,
            "rng": self.rng.bit_generator.state,
            "missing": self.missing,
            "tickets": self._tickets,
            "pending": [
                [ticket, one.arm, None if one.context is None else one.context.tolist(), one.propensity]
                for ticket, one in self._pending.items()
            ],
            "seen": self._seen.tolist(),
            "knowledge": self._knowledge(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Becomes the bandit that gave this state; it must be of the same kind and size."""
        for name, mine in (("bandit", type(self).__name__), ("arms", self.arms), ("context_size", self.context_size)):
            if state[name] != mine:
                raise ValueError(
                    f"restore: the state is of a bandit with {name}={state[name]!r}, and this one has {mine!r}"
                )
        self.rng.bit_generator.state = state["rng"]
        self.missing, self._tickets = state["missing"], state["tickets"]
        self._pending = {
            ticket: _Pending(arm, None if context is None else np.array(context), propensity)
            for ticket, arm, context, propensity in state["pending"]
        }
        self._seen = np.array(state["seen"])
        self._know(state["knowledge"])

    def _pick(self, context: Vector | None) -> tuple[int, float]:
        """An arm and its probability: drawn from `probabilities` unless a bandit samples in another way."""
        chances = self.probabilities(context)
        arm = int(np.searchsorted(np.cumsum(chances), self.rng.random() * chances.sum(), side="right"))
        arm = min(arm, int(np.flatnonzero(chances)[-1]))  # rounding must not choose an arm of probability 0
        return arm, float(chances[arm])

    def _checked(self, context: Sequence[float] | Vector | None) -> Vector | None:
        if not self.contextual:
            return None
        vector = np.asarray(() if context is None else context, float)
        if vector.shape != (self.context_size,) or not np.isfinite(vector).all():
            what = "no context" if context is None else f"a context of shape {vector.shape}"
            raise ValueError(f"{type(self).__name__}: got {what}; expected {self.context_size} finite numbers")
        return vector

    def _learn(self, arm: int, context: Vector | None, reward: float, propensity: float) -> None:
        if not self.low <= reward <= self.high:
            hint = "set reward_range to the range of the environment's reward"
            raise ValueError(f"reward: expected a number from {self.low:g} to {self.high:g}, got {reward!r}; {hint}")
        scaled = (reward - self.low) / (self.high - self.low)
        self._seen[:, arm] += (1.0, scaled, scaled * scaled)
        self._update(arm, context, scaled, propensity)

    def _estimate(self, pulls: float, total: float, squares: float) -> Estimate:
        if not pulls:
            return Estimate(0, math.nan, self.low, self.high)
        span, mean = self.high - self.low, total / pulls
        spread = math.sqrt(max(squares / pulls - mean * mean, 0.0) / pulls) if pulls > 1 else 1.0
        ends = (max(mean - 1.96 * spread, 0.0), min(mean + 1.96 * spread, 1.0))
        return Estimate(int(pulls), *(self.low + span * each for each in (mean, *ends)))


def shares_of_the_best(scores: Vector) -> Vector:
    """The probabilities of choosing the arm with the highest score, evenly where several share it."""
    best = (scores == scores.max()).astype(float)
    shares: Vector = best / best.sum()
    return shares


def shares_of_draws(draws: Vector) -> Vector:
    """How often each arm had the highest draw (draws x arms), with one more count for each arm: never zero."""
    wins = np.bincount(draws.argmax(axis=1), minlength=draws.shape[1])
    shares: Vector = (wins + 1.0) / (wins.sum() + draws.shape[1])
    return shares
