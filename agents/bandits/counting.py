"""Bandits that see no context: epsilon-greedy, UCB1 and Thompson sampling, each also with forgetting.

Promises: the formulas of the papers named below, on rewards scaled to [0, 1]; an arm that was never tried,
and for which no reward is on its way, comes first in epsilon-greedy and UCB1. Ties are broken evenly, and the
propensity says so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from agents.bandits.bandit import DRAWS, Bandit, Vector, shares_of_draws, shares_of_the_best
from agents.bandits.memory import Memory

FORGOTTEN = 1e-9
"""An arm whose discounted count is below this counts as never tried."""


class Counting(Bandit):
    """A bandit that remembers counts and totals of each arm."""

    def __init__(
        self,
        arms: int,
        context_size: int = 0,
        seed: int = 0,
        reward_range: tuple[float, float] = (0.0, 1.0),
        discount: float = 1.0,
        window: int = 0,
    ) -> None:
        super().__init__(arms, context_size, seed, reward_range)
        self.memory = Memory(arms, discount, window)

    def values(self, context: Vector | None = None) -> Vector:
        return self.memory.means

    def _update(self, arm: int, context: Vector | None, reward: float, propensity: float) -> None:
        self.memory.add(arm, reward)

    def _knowledge(self) -> dict[str, Any]:
        return self.memory.state()

    def _know(self, knowledge: Mapping[str, Any]) -> None:
        self.memory.restore(knowledge)

    def _untried(self) -> Vector:
        """1 for each arm to be tried first: nothing is known of it and nothing is on its way."""
        untried: Vector = (self.memory.counts < FORGOTTEN).astype(float)
        for arm in np.flatnonzero(untried):
            untried[arm] = not self.waiting_for(int(arm))
        return untried


class EpsilonGreedy(Counting):
    """The best mean with probability 1 - epsilon, any arm with probability epsilon (Sutton and Barto, 2.2)."""

    def __init__(self, arms: int, epsilon: float = 0.1, **settings: Any) -> None:
        super().__init__(arms, **settings)
        if not 0 <= epsilon <= 1:
            raise ValueError(f"epsilon: expected a probability, got {epsilon}")
        self.epsilon = epsilon

    def probabilities(self, context: Vector | None = None) -> Vector:
        untried = self._untried()
        if untried.any():
            return shares_of_the_best(untried)
        return (1 - self.epsilon) * shares_of_the_best(self.memory.means) + self.epsilon / self.arms


class UCB1(Counting):
    """The highest mean + alpha * sqrt(2 ln t / n) (Auer, Cesa-Bianchi and Fischer 2002, for alpha = 1).

    With `discount` or `window` it is discounted or sliding-window UCB (Garivier and Moulines 2011).
    """

    def __init__(self, arms: int, alpha: float = 1.0, **settings: Any) -> None:
        super().__init__(arms, **settings)
        if not 0 <= alpha < math.inf:
            raise ValueError(f"alpha: expected a width of the confidence bonus from 0 on, got {alpha}")
        self.alpha = alpha

    def probabilities(self, context: Vector | None = None) -> Vector:
        untried = self._untried()
        return shares_of_the_best(untried if untried.any() else self.bounds())

    def bounds(self) -> Vector:
        """The upper confidence bound of each arm; one of which nothing is known has the bonus of one pull."""
        counts = np.maximum(self.memory.counts, FORGOTTEN)
        counts = np.where(self.memory.counts < FORGOTTEN, 1.0, counts)
        bonus = np.sqrt(2 * math.log(max(self.memory.length, 1.0)) / counts)
        return self.memory.means + self.alpha * bonus


class Thompson(Counting):
    """Draws each arm's mean from its Beta posterior and takes the highest (Thompson 1933; Agrawal and Goyal 2012).

    A reward between 0 and 1 counts as that part of a success and the rest as a failure.
    """

    exact = False

    def __init__(self, arms: int, prior: tuple[float, float] = (1.0, 1.0), **settings: Any) -> None:
        super().__init__(arms, **settings)
        if not all(0 < each < math.inf for each in prior):
            raise ValueError(f"prior: expected two numbers above 0, successes and failures, got {tuple(prior)}")
        self.prior = prior

    def posterior(self) -> tuple[Vector, Vector]:
        """The two parameters of each arm's Beta distribution."""
        successes = self.memory.totals
        return self.prior[0] + successes, self.prior[1] + np.maximum(self.memory.counts - successes, 0.0)

    def values(self, context: Vector | None = None) -> Vector:
        good, bad = self.posterior()
        means: Vector = good / (good + bad)
        return means

    def probabilities(self, context: Vector | None = None) -> Vector:
        good, bad = self.posterior()
        rng = np.random.default_rng((self.seed, self._tickets))  # of its own: estimating must not change what is chosen
        return shares_of_draws(rng.beta(good, bad, (DRAWS, self.arms)))

    def _pick(self, context: Vector | None) -> tuple[int, float]:
        chances = self.probabilities(context)
        arm = int(np.argmax(self.rng.beta(*self.posterior())))
        return arm, float(chances[arm])
