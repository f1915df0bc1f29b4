"""What a bandit without contexts remembers of each arm: everything, the last pulls, or the past discounted.

Promises: `counts` and `totals` are what the formulas of the bandits ask for; both are exact for all three
memories (a window is summed anew, so that no rounding error builds up).
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from typing import Any

import numpy as np

from agents.bandits.bandit import Vector


class Memory:
    """Remembers everything when `discount` is 1 and `window` is 0.

    With a discount every reward counts less by that factor with each later reward of any arm (Kocsis and
    Szepesvari 2006); with a window only the last so many rewards count (Garivier and Moulines 2011).
    """

    def __init__(self, arms: int, discount: float = 1.0, window: int = 0) -> None:
        if not 0 < discount <= 1:
            raise ValueError(f"discount: expected a number above 0 and up to 1 (1 forgets nothing), got {discount}")
        if not 0 <= window < math.inf:
            raise ValueError(f"window: expected a number of rewards to remember (0: all), got {window}")
        if window and discount < 1:
            raise ValueError(f"discount={discount}, window={window}: choose one way of forgetting")
        self.discount, self.window = discount, window
        self.counts: Vector = np.zeros(arms)
        self.totals: Vector = np.zeros(arms)
        self._last: deque[tuple[int, float]] = deque()

    @property
    def length(self) -> float:
        """How many rewards are remembered, discounted ones by their weight."""
        return float(self.counts.sum())

    @property
    def means(self) -> Vector:
        """The mean reward of each arm; 0 where nothing is remembered."""
        return np.divide(self.totals, self.counts, out=np.zeros_like(self.totals), where=self.counts > 0)

    def add(self, arm: int, reward: float) -> None:
        """Remembers one more reward."""
        if self.discount < 1:
            self.counts *= self.discount
            self.totals *= self.discount
        self.counts[arm] += 1
        self.totals[arm] += reward
        if self.window:
            self._slide(arm, reward)

    def _slide(self, arm: int, reward: float) -> None:
        self._last.append((arm, reward))
        if len(self._last) > self.window:
            gone, _ = self._last.popleft()
            mine = [kept for other, kept in self._last if other == gone]
            self.counts[gone], self.totals[gone] = len(mine), sum(mine)

    def state(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "counts": self.counts.tolist(),
            "totals": self.totals.tolist(),
            "last": [list(one) for one in self._last],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Takes back what `state` gave."""
        self.counts, self.totals = np.array(state["counts"]), np.array(state["totals"])
        self._last = deque((arm, reward) for arm, reward in state["last"])
