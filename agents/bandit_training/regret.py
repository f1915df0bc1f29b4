"""Regret against the best fixed strategy in hindsight.

Promises: it is counted over the first attempts of episodes, so that a fixed strategy meets exactly the
learner's situation and only knowledge of the context can beat it; in later attempts a fixed strategy suffers
from repeating itself, and any rule would. At each moment the comparison is with whichever fixed strategy had
earned most on the very same bugs until then, which is the hardest moment to beat it; below 0 means that no
fixed strategy was as good.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agents.bandit_training.learners import Course
from agents.baselines import Hindsight

Curve = NDArray[np.float64]


def regret(
    earned: Sequence[float] | Curve, bugs: Sequence[int] | NDArray[np.int64], table: NDArray[np.float64]
) -> Curve:
    """After each episode: what the best fixed arm had earned by then minus what was earned."""
    fixed = np.cumsum(table[list(bugs)], axis=0).max(axis=1) if len(bugs) else np.zeros(0)
    curve: Curve = fixed - np.cumsum(np.asarray(earned, float))
    return curve


def regret_of(course: Course, known: Hindsight) -> Curve:
    """The regret of a learner."""
    return regret(course.firsts, course.bugs, known.rewards)


@dataclass(frozen=True)
class Crossover:
    """When a regret fell below 0 for good."""

    episode: int
    """The first episode after which it never again was 0 or more."""
    pulls: int
    """Attempts until then."""


def crossover(curve: Curve, pulls: Sequence[int]) -> Crossover | None:
    """When the regret fell below 0 for good; None when it did not."""
    above = np.flatnonzero(curve >= 0)
    start = int(above[-1]) + 1 if len(above) else 0
    if start >= len(curve):
        return None
    return Crossover(start + 1, int(np.sum(pulls[: start + 1])))
