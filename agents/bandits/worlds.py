"""Made-up worlds in which the regret of a bandit is known exactly: for tests and for simulated experiments.

Promises: pays 0 or 1 with known means; regret is counted in means, not in payments, so luck does not blur it.
The same seeds give the same play. What is measured here is a simulation and says so wherever it is reported.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agents.bandits.bandit import Bandit, Vector

SHARES = (0.1, 0.5, 0.1, 0.2, 0.1)
"""How often each context of a toy world comes."""


@dataclass(frozen=True)
class World:
    """Arms that pay with a probability that depends on the context."""

    means: Vector
    """Contexts x arms."""
    shares: Vector
    """How often each context comes."""
    false_pass: float = 0.0
    """How often a failure is reported as a success."""
    false_fail: float = 0.0
    """How often a success is reported as a failure."""


@dataclass(frozen=True)
class Play:
    """What happened to one bandit."""

    regret: Vector
    """After each round: the mean reward so far of the arm that is best for the whole play, minus the bandit's."""
    arms: tuple[int, ...]
    """What it chose."""


def toy_world(seed: int, arms: int = 10, gap: float = 0.25, **noise: float) -> World:
    """In each context one arm pays by `gap` more than its base in [0.05, 0.2]."""
    rng = np.random.default_rng((seed, 7))
    contexts = len(SHARES)
    means = rng.uniform(0.05, 0.2, (contexts, arms))
    means[np.arange(contexts), rng.choice(arms, contexts, replace=contexts > arms)] += gap
    return World(means, np.array(SHARES), **noise)


def plain_world(means: list[float]) -> World:
    """Arms with these means and a single context."""
    return World(np.array([means]), np.ones(1))


def play(bandit: Bandit, world: World, rounds: int, seed: int, then: World | None = None) -> Play:
    """Lets a bandit play; in the second half in the world `then`, if there is one."""
    rng = np.random.default_rng((seed, 11))
    contexts = rng.choice(len(world.shares), rounds, p=world.shares)
    luck = rng.random((rounds, 2))
    lost, chosen = np.empty(rounds), []
    hot = np.eye(len(world.shares))
    worlds = [then if then is not None and place >= rounds // 2 else world for place in range(rounds)]
    best = int(np.argmax(sum(each.shares @ each.means for each in worlds)))
    for place, context in enumerate(contexts):
        here = worlds[place]
        choice = bandit.choose(hot[context])
        mean = here.means[context, choice.arm]
        paid = luck[place, 0] < mean
        wrong = luck[place, 1] < (here.false_fail if paid else here.false_pass)
        bandit.learn(choice.ticket, float(paid != wrong))
        lost[place] = here.means[context, best] - mean
        chosen.append(choice.arm)
    return Play(np.cumsum(lost), tuple(chosen))
