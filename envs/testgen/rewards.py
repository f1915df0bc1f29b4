"""What a test earns: pure functions of verdicts.

The parts follow the reward of ATGen (2025): R = w_fmt R_fmt + w_acc R_acc + w_att R_att with equal weights, each part
from -0.5 to 1, the attack paid only for a test that is right. The paper does not say which values lie between; here a
part is -0.5 or 1, and only a share of several bugs lies between. The weights are divided by their sum, so these parts
together earn from -0.5 to 1 whatever they are; what is spared is added.

    format     1 if the action could be read as a test, else -0.5
    accuracy   1 if the test is right: its input is allowed, it is new, its answer is what all references say; else -0.5
    attack     1 if the test is right and the program fails it, else -0.5; of several programs: the share newly exposed
               of those not yet exposed, -0.5 where there is none
    spared     when nothing is left to expose: 1 for every test that was not needed any more, else 0

Promises: a wrong or forbidden test earns nothing by failing programs, and an agent that finishes early earns no less
than one that drags the episode out. Does not promise that the attack of several programs adds up over an episode.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sandbox.guess import guess

FLOOR, FULL = -0.5, 1.0
"""The least and the most that a part pays."""
PARTS = ("format", "accuracy", "attack")


def check_weights(weights: Mapping[str, float] | None, names: Sequence[str] = PARTS) -> dict[str, float]:
    """The weights of the parts, with the sum 1; equal where nobody says."""
    if weights is not None and not isinstance(weights, Mapping):
        raise ValueError(f"weights: {weights!r} is no dictionary; give one of numbers by part: {', '.join(names)}")
    given = dict.fromkeys(names, 1.0) if weights is None else dict(weights)
    for name, weight in given.items():
        if name not in names:
            raise ValueError(f"weights: there is no part {name!r}; {guess(name, names)}")
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight < 1e9:
            raise ValueError(f"weights: {name} has {weight!r}; give a number that is not negative")
    total = sum(given.values())
    if not total:
        raise ValueError(f"weights: {weights!r} pays for nothing; give a weight to one of {', '.join(names)}")
    return {name: given.get(name, 0.0) / total for name in names}


def paid(good: bool) -> float:
    """A part that is earned or not."""
    return FULL if good else FLOOR


def attack(correct: bool, newly: int, alive: int) -> float:
    """The attack of a test that exposes `newly` of `alive` programs."""
    return newly / alive if correct and newly else FLOOR


def total(parts: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The reward of a step."""
    return sum(weights[name] * parts[name] for name in weights) + parts.get("spared", 0.0)


def learnability(exposed: float) -> float:
    """4 p (1 - p) for the chance p of being exposed: 0 for never and for always, 1 in the middle.

    That a task is worth proposing when it is neither hopeless nor certain is the rule of Absolute Zero (2025), which
    pays 1 - p and 0 at p = 0; here both ends pay 0.
    """
    return 4 * exposed * (1 - exposed)
