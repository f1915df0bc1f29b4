"""REINFORCE as a bandit: a linear softmax policy, with the right credit and with a published wrong one.

Promises: the policy gradient of Williams (1992) with a running mean as baseline. With `shift=1` each reward
is credited to the choice after its own: what a repair loop did that stored the rewards of its hint attempts
but not their log-probabilities, and then paired the two lists from the front.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from agents.bandits.bandit import Bandit, Vector


class Reinforce(Bandit):
    """Softmax over W x, learnt by policy gradient."""

    contextual = True

    def __init__(
        self, arms: int, context_size: int, seed: int = 0, rate: float = 0.5, shift: int = 0, **more: Any
    ) -> None:
        super().__init__(arms, context_size, seed, **more)
        self.rate, self.shift = rate, shift
        self.weights: Vector = np.zeros((arms, context_size))
        self.baseline = 0.0
        self._late: list[float] = []

    def probabilities(self, context: Vector | None = None) -> Vector:
        logits = self.values(context)
        chances = np.exp(logits - logits.max())
        shares: Vector = chances / chances.sum()
        return shares

    def values(self, context: Vector | None = None) -> Vector:
        """The logits: not rewards, but in their order as far as the policy knows it."""
        checked = self._checked(context)
        logits: Vector = self.weights @ np.asarray(checked)
        return logits

    def _update(self, arm: int, context: Vector | None, reward: float, propensity: float) -> None:
        self._late.append(reward)
        if len(self._late) <= self.shift:
            return
        credited = self._late.pop(0)
        gradient = -np.outer(self.probabilities(context), context if context is not None else ())
        gradient[arm] += context
        self.weights += self.rate * (credited - self.baseline) * gradient
        self.baseline += 0.02 * (credited - self.baseline)

    def _knowledge(self) -> dict[str, Any]:
        return {"weights": self.weights.tolist(), "baseline": self.baseline, "late": self._late}

    def _know(self, knowledge: Mapping[str, Any]) -> None:
        self.weights, self.baseline = np.array(knowledge["weights"]), knowledge["baseline"]
        self._late = list(knowledge["late"])
