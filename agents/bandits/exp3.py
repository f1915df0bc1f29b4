"""EXP3: a bandit for rewards that an opponent may choose, and that may drift.

Promises: the algorithm of Auer, Cesa-Bianchi, Freund and Schapire (2002), with exact propensities; a late
reward is weighted by the probability that its choice had when it was made. With `share` above 0 it is their
EXP3.S, which keeps every arm alive and so follows a best arm that changes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from agents.bandits.bandit import Bandit, Vector


class EXP3(Bandit):
    """Exponential weights on importance-weighted rewards, mixed with a share `gamma` of uniform exploration."""

    def __init__(self, arms: int, gamma: float = 0.1, share: float = 0.0, **settings: Any) -> None:
        super().__init__(arms, **settings)
        if not 0 < gamma <= 1:
            raise ValueError(f"gamma: expected a share of exploration above 0 and up to 1, got {gamma}")
        if not 0 <= share <= 1:
            raise ValueError(f"share: expected a part of the weight to spread with each reward, got {share}")
        self.gamma, self.share = gamma, share
        self._log_weights: Vector = np.zeros(arms)

    def probabilities(self, context: Vector | None = None) -> Vector:
        return (1 - self.gamma) * self._weights() + self.gamma / self.arms

    def values(self, context: Vector | None = None) -> Vector:
        """The weights, scaled to sum 1: not rewards, but in their order as far as EXP3 knows it."""
        return self._weights()

    def _weights(self) -> Vector:
        weights = np.exp(self._log_weights - self._log_weights.max())
        shares: Vector = weights / weights.sum()
        return shares

    def _update(self, arm: int, context: Vector | None, reward: float, propensity: float) -> None:
        total = math.log(np.exp(self._log_weights - self._log_weights.max()).sum()) + self._log_weights.max()
        self._log_weights[arm] += self.gamma * reward / (propensity * self.arms)
        if self.share:
            spread = math.log(math.e * self.share / self.arms) + total
            self._log_weights = np.logaddexp(self._log_weights, spread)
        self._log_weights -= self._log_weights.max()

    def _knowledge(self) -> dict[str, Any]:
        return {"log_weights": self._log_weights.tolist()}

    def _know(self, knowledge: Mapping[str, Any]) -> None:
        self._log_weights = np.array(knowledge["log_weights"])
