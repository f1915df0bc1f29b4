"""What a repair attempt earns: pure functions of verdicts, by name.

`p` is the share of cases that the attempt passes, weighted by the confidence in each test, `best` the highest share
of any program of the episode before it, and `first` the share of the program that the episode began with.

    solved            1 if every case passes, else 0
    pass_rate         max(0, p - best) / (1 - first): what is newly put right, as a part of all that was wrong
    delta             1 if every case passes; else with d = p - best: 0.3 + 0.5 d if d > 0, 0 if d = 0, -0.1 if d < 0
    delta_published   1 if every case passes; else min(0.8, 2 d) if d > 0.1, 0.5 d if 0 < d <= 0.1,
                      -0.1 if -0.1 < d <= 0, -0.3 below

Promises: bounded by -1 and 1; a program that passes nothing new earns nothing. The parts of `pass_rate` add up, over
a whole episode, to (last best - first) / (1 - first), so small steps pay no more than one large step.
Does not promise that of the two `delta` forms: several small gains pay more there than one large gain that does not
solve the problem. `delta_published` is the form that was published with an earlier repair loop, where 0 < d <= 0.1
pays less than staying in place costs; `delta` is the correction that its authors proposed. Both pay for the
improvement over the best program so far: paid over the last one, an agent could fall and rise for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

EPSILON = 1e-9
"""Shares closer than this are the same."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Which cases a program passes."""

    shown: tuple[bool, ...]
    """The tests that the agent sees."""
    selection: tuple[bool, ...]
    """The cases that pick the best attempt."""
    weights: tuple[float, ...] = ()
    """The confidence in each shown test; empty means 1 for all of them. Cases of the selection have 1."""

    @property
    def wrong(self) -> bool:
        """Whether a case fails."""
        return not (all(self.shown) and all(self.selection))

    @property
    def solved(self) -> bool:
        """Whether every case passes, and there is one."""
        return not self.wrong and bool(self.shown or self.selection)

    @property
    def share(self) -> float:
        """The weighted share of all cases that pass."""
        weights = (*(self.weights or (1.0,) * len(self.shown)), *(1.0,) * len(self.selection))
        return weighted_share((*self.shown, *self.selection), weights)

    @property
    def rank(self) -> tuple[float, float]:
        """What decides between attempts: the selection, and then the shown tests."""
        shown = weighted_share(self.shown, self.weights or (1.0,) * len(self.shown))
        return weighted_share(self.selection, (1.0,) * len(self.selection)), shown


def weighted_share(passed: Sequence[bool], weights: Sequence[float]) -> float:
    """Σ passed·weight / Σ weight; 0 where nothing has weight."""
    total = sum(weights)
    return sum(weight for mark, weight in zip(passed, weights, strict=True) if mark) / total if total else 0.0


def solved(now: Marks, best: float, first: float) -> float:
    """1 for a program that passes every case."""
    return float(now.solved)


def pass_rate(now: Marks, best: float, first: float) -> float:
    """The part of what was wrong that is newly put right."""
    if first > 1 - EPSILON:
        return float(now.solved)
    gain = now.share - best
    return gain / (1 - first) if gain > EPSILON else 0.0


def delta(now: Marks, best: float, first: float) -> float:
    """Improvement, as the authors of the published form proposed to correct it."""
    if now.solved:
        return 1.0
    gain = now.share - best
    if gain > EPSILON:
        return 0.3 + 0.5 * gain
    return -0.1 if gain < -EPSILON else 0.0


def delta_published(now: Marks, best: float, first: float) -> float:
    """Improvement, as it was published."""
    if now.solved:
        return 1.0
    gain = now.share - best
    if gain > 0.1 + EPSILON:
        return min(0.8, 2 * gain)
    if gain > EPSILON:
        return 0.5 * gain
    return -0.1 if gain > -0.1 + EPSILON else -0.3


REWARDS: dict[str, Callable[[Marks, float, float], float]] = {
    "solved": solved,
    "pass_rate": pass_rate,
    "delta": delta,
    "delta_published": delta_published,
}


def parts(now: Marks, best: float, first: float) -> dict[str, float]:
    """Every reward by its name, so that all of them can be logged whichever is paid."""
    return {name: reward(now, best, first) for name, reward in REWARDS.items()}
