"""Contextual bandits with a linear model for each arm: LinUCB and linear Thompson sampling.

Promises: ridge regression of the reward on the context, arm by arm (the "disjoint" model), exactly as in the
papers named below; with `discount` old rewards count less (Russac, Vernade and Cappe 2019), with `window`
only each arm's share of the last rewards counts. The context is used as it is: add a constant feature if an
arm should have a mean of its own. An arm of which nothing is known counts as one that earns 0; where rewards can be
below 0 that is not the worst of all, so the least known arms are tried before those that were found to earn less.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from typing import Any

import numpy as np

from agents.bandits.arrays import pack, unpack
from agents.bandits.bandit import DRAWS, Bandit, Vector, shares_of_draws, shares_of_the_best
from agents.bandits.memory import Memory

LEAST_RIDGE = 1e-6
"""With less, rounding makes the matrix of an arm singular."""


class Linear(Bandit):
    """Ridge regression for each arm: theta = inverse(A) b, with A = ridge * I + sum of x x', b = sum of reward * x."""

    contextual = True

    def __init__(
        self,
        arms: int,
        context_size: int,
        seed: int = 0,
        reward_range: tuple[float, float] = (0.0, 1.0),
        alpha: float = 1.0,
        ridge: float = 1.0,
        discount: float = 1.0,
        window: int = 0,
    ) -> None:
        super().__init__(arms, context_size, seed, reward_range)
        if not LEAST_RIDGE <= ridge < math.inf:
            raise ValueError(f"ridge: expected a strength from {LEAST_RIDGE} on, got {ridge}; else no inverse is exact")
        if not 0 <= alpha < math.inf:
            raise ValueError(f"alpha: expected a width of exploration from 0 on, got {alpha}")
        Memory(1, discount, window)  # says what is wrong with the two
        self.zero = min(max(-self.low / (self.high - self.low), 0.0), 1.0)
        """A reward of 0 in the scale of `values`: what is expected of an arm before it is known."""
        self.alpha, self.ridge, self.discount, self.window = alpha, ridge, discount, window
        self._gram: Vector = np.zeros((arms, context_size, context_size))
        self._moment: Vector = np.zeros((arms, context_size))
        self._last: deque[tuple[int, Vector, float]] = deque()
        self._inverse: Vector = np.zeros_like(self._gram)
        self.theta: Vector = np.zeros_like(self._moment)
        """The weights of each arm's model (arms x context)."""
        self._solve(range(arms))

    def values(self, context: Vector | None = None) -> Vector:
        means: Vector = self.zero + self.theta @ self._of(context)
        return means

    def widths(self, context: Vector) -> Vector:
        """sqrt(x' inverse(A) x) of each arm."""
        squares: Vector = context @ self._inverse @ context
        widths: Vector = np.sqrt(np.maximum(squares, 0.0))
        return widths

    def _of(self, context: Vector | None) -> Vector:
        checked = self._checked(context)
        assert checked is not None
        return checked

    def _update(self, arm: int, context: Vector | None, reward: float, propensity: float) -> None:
        assert context is not None
        reward -= self.zero
        if self.discount < 1:
            self._gram *= self.discount
            self._moment *= self.discount
        self._gram[arm] += np.outer(context, context)
        self._moment[arm] += reward * context
        changed = {arm} | (self._slide(arm, context, reward) if self.window else set())
        self._solve(sorted(changed) if self.discount == 1 else range(self.arms))

    def _slide(self, arm: int, context: Vector, reward: float) -> set[int]:
        """Forgets what left the window; sums anew, so that no rounding error builds up."""
        self._last.append((arm, context, reward))
        if len(self._last) <= self.window:
            return set()
        gone, _, _ = self._last.popleft()
        mine = [(x, kept) for other, x, kept in self._last if other == gone]
        seen = np.array([x for x, _ in mine]).reshape(-1, self.context_size)
        self._gram[gone] = seen.T @ seen
        self._moment[gone] = np.array([kept for _, kept in mine]) @ seen
        return {gone}

    def _solve(self, arms: range | list[int]) -> None:
        """Arm by arm, so that a restored bandit has the same rounding errors as one that learnt by itself."""
        for arm in arms:
            self._inverse[arm] = np.linalg.inv(self._gram[arm] + self.ridge * np.eye(self.context_size))
            self.theta[arm] = self._inverse[arm] @ self._moment[arm]

    def _knowledge(self) -> dict[str, Any]:
        last = [[arm, context.tolist(), reward] for arm, context, reward in self._last]
        lower = self._gram[:, *np.tril_indices(self.context_size)]  # it is symmetric
        return {"gram": pack(lower), "moment": pack(self._moment), "last": last}

    def _know(self, knowledge: Mapping[str, Any]) -> None:
        rows, columns = np.tril_indices(self.context_size)
        self._gram[:, rows, columns] = self._gram[:, columns, rows] = unpack(knowledge["gram"])
        self._moment = unpack(knowledge["moment"])
        self._solve(range(self.arms))
        self._last = deque((arm, np.array(context), reward) for arm, context, reward in knowledge["last"])


class LinUCB(Linear):
    """The highest x' theta + alpha * sqrt(x' inverse(A) x) (Li, Chu, Langford and Schapire 2010, algorithm 1)."""

    def bounds(self, context: Vector) -> Vector:
        """The upper confidence bound of each arm."""
        return self.values(context) + self.alpha * self.widths(context)

    def probabilities(self, context: Vector | None = None) -> Vector:
        return shares_of_the_best(self.bounds(self._of(context)))


class LinTS(Linear):
    """Draws each arm's theta from N(theta, alpha^2 inverse(A)) and takes the highest x' theta (Agrawal and Goyal 2013).

    Only x' theta matters for the choice, so that number is drawn, which has the same distribution.
    """

    exact = False

    def probabilities(self, context: Vector | None = None) -> Vector:
        means, spreads = self._posterior(context)
        rng = np.random.default_rng((self.seed, self._tickets))  # of its own: estimating must not change what is chosen
        return shares_of_draws(means + spreads * rng.standard_normal((DRAWS, self.arms)))

    def _pick(self, context: Vector | None) -> tuple[int, float]:
        means, spreads = self._posterior(context)
        arm = int(np.argmax(means + spreads * self.rng.standard_normal(self.arms)))
        return arm, float(self.probabilities(context)[arm])

    def _posterior(self, context: Vector | None) -> tuple[Vector, Vector]:
        seen = self._of(context)
        return self.values(seen), self.alpha * self.widths(seen)
