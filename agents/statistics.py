"""Means with intervals, and curves with bands, by the bootstrap.

Promises: the same numbers give the same interval; a mean over one value has the interval of that
value alone and says nothing about doubt. Percentile bootstrap (Efron 1979).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRAWS = 4000
AT_ONCE = 100
"""So many draws share a step: more would not stay in the cache of a processor."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean and where it may lie, with 95 % confidence."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}]"

    def as_json(self) -> dict[str, float]:
        """For a summary."""
        return {"mean": self.mean, "low": self.low, "high": self.high}


def over_seeds(values: Sequence[float] | NDArray[np.float64]) -> Interval:
    """The mean of one value a seed, the seeds drawn anew."""
    data = np.asarray(values, float)
    draws = np.random.default_rng((0, 1)).integers(len(data), size=(DRAWS, len(data)))
    return _interval(data.mean(), data[draws].mean(axis=1))


def over_seeds_and_items(table: NDArray[np.float64]) -> Interval:
    """The mean of a table, seeds x items (such as bugs), both drawn anew: what other seeds and items may give."""
    rng = np.random.default_rng((0, 2))
    rows, columns = table.shape
    means, below = np.empty(DRAWS), np.repeat(table.shape, table.shape)
    for part in np.array_split(means, max(1, DRAWS // AT_ONCE)):
        drawn = rng.integers(below, size=(len(part), rows + columns))
        seeds, items = drawn[:, :rows], drawn[:, rows:]
        part[:] = np.take_along_axis(table[seeds].mean(axis=1), items, axis=1).mean(axis=1)
    return _interval(table.mean(), means)


def band(curves: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Mean, low and high of curves (seeds x points), the seeds drawn anew."""
    draws = np.random.default_rng((0, 3)).integers(len(curves), size=(1000, len(curves)))
    means = np.array([curves[some].mean(axis=0) for some in draws])
    low, high = np.percentile(means, [2.5, 97.5], axis=0)
    return curves.mean(axis=0), low, high


def _interval(mean: float, draws: NDArray[np.float64]) -> Interval:
    low, high = np.percentile(draws, [2.5, 97.5])
    return Interval(float(mean), float(low), float(high))
