"""E3, simulated: bandits in made-up worlds where every mean is known.

The world: 5 contexts, of which one comes half of the time, and in each one arm of 10 (or 5) that pays
by 0.25 more than a base in [0.05, 0.2]. Conditions: clean feedback; noisy feedback (a tenth of failures
reported as passes, three tenths of passes as failures); feedback that says nothing (Youden's J = 0); and a
world that changes into another half way.
Promises: regret is counted in true means; the same seeds give the same numbers. Nothing here ran a program.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.bandits import make_bandit
from agents.bandits.bandit import Bandit, Vector, shares_of_the_best
from agents.bandits.worlds import play, toy_world
from agents.experiments.reinforce import Reinforce

MARKS = (100, 1000, 3000)
"""Rounds after which the regret is reported."""

Maker = Callable[..., Bandit]


class Blind(Bandit):
    """Any arm at random."""

    def probabilities(self, context: Vector | None = None) -> Vector:
        return shares_of_the_best(np.zeros(self.arms))

    def values(self, context: Vector | None = None) -> Vector:
        return np.zeros(self.arms)

    def _update(self, arm: int, context: Vector | None, reward: float, propensity: float) -> None:
        """Learns nothing."""

    def _knowledge(self) -> dict[str, Any]:
        return {}

    def _know(self, knowledge: Any) -> None:
        """Knows nothing."""


class InTurn(Blind):
    """Each arm in its turn."""

    def probabilities(self, context: Vector | None = None) -> Vector:
        chances = np.zeros(self.arms)
        chances[self._tickets % self.arms] = 1.0
        return chances


def bandit(kind: str, **settings: Any) -> Maker:
    """A maker of bandits of this kind."""
    return partial(make_bandit, kind, **settings)


AGENTS: dict[str, Maker] = {
    "random": Blind,
    "round-robin": InTurn,
    "epsilon-greedy": bandit("epsilon_greedy"),
    "UCB1": bandit("ucb1"),
    "Thompson": bandit("thompson"),
    "EXP3": bandit("exp3"),
    "LinUCB": bandit("linucb", alpha=0.5),
    "LinTS (contextual Thompson)": bandit("lints", alpha=0.25),
    "REINFORCE": partial(Reinforce, rate=1.0),
    "REINFORCE, credit shifted": partial(Reinforce, rate=1.0, shift=1),
}
DRIFTING: dict[str, Maker] = {
    **{name: AGENTS[name] for name in ("Thompson", "EXP3", "LinTS (contextual Thompson)", "REINFORCE")},
    "window Thompson": bandit("window_thompson", window=400),
    "discounted UCB1": bandit("discounted_ucb1", discount=0.995, alpha=0.3),
    "EXP3.S": bandit("exp3s", share=0.001),
    "window LinTS": bandit("window_lints", alpha=0.25, window=600),
}
CONDITIONS: dict[str, tuple[dict[str, Any], dict[str, Maker]]] = {
    "clean": ({}, AGENTS),
    "clean, 5 arms": ({"arms": 5}, AGENTS),
    "noisy": ({"false_pass": 0.1, "false_fail": 0.3}, AGENTS),
    "says nothing": ({"false_pass": 0.5, "false_fail": 0.5}, AGENTS),
    "drift": ({}, DRIFTING),
}
"""Name -> the settings of the world, and who plays in it."""


def regrets(condition: str, name: str, seeds: Sequence[int], rounds: int = MARKS[-1]) -> NDArray[np.float64]:
    """The regret curves of one agent under one condition, seeds x rounds."""
    settings, agents = CONDITIONS[condition]
    curves = []
    for seed in seeds:
        world = toy_world(seed, **settings)
        then = toy_world(seed + 1000, **settings) if condition == "drift" else None
        arms, contexts = world.means.shape[1], len(world.shares)
        curves.append(play(agents[name](arms, context_size=contexts, seed=seed), world, rounds, seed, then).regret)
    return np.array(curves)


def crossover_of(curve: NDArray[np.float64]) -> int | None:
    """The first round from which a curve stays below 0; None when it does not, or only at the very end."""
    above = np.flatnonzero(curve >= 0)
    start = int(above[-1]) + 1 if len(above) else 0
    return start + 1 if start < len(curve) - 10 else None
