"""What a bandit sees of an episode: the environment's observation as one vector, and its own recent choices.

Promises: the same observations and choices give the same vector; every number lies in [-1, 1]; the first is a
constant 1. Works for any observation space of Box and Discrete parts, alone or in a Dict. Does not promise to
be normalised further.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from gymnasium.spaces import Box, Dict, Discrete, Space
from gymnasium.spaces.utils import flatdim, flatten

from agents.bandits.bandit import Vector
from sandbox.guess import guess

FIELDS = ("error",)
"""What a bandit sees of `Repair-Strategy-v0` unless it is told otherwise. Each further field costs it episodes before
it knows what the field is worth; docs/decisions.md has the measurements."""


class Context:
    """Turns observations into contexts; one for each chooser, since it remembers the episode's choices.

    Beside the observation the context says which arms were tried in vain: since the last one that earned anything.
    What a repairer does to a program that did not change, he did before, so an arm has to know that of itself.
    """

    def __init__(self, space: Space[Any], arms: int, fields: Sequence[str] | None = None) -> None:
        """`fields`: those of a Dict that are looked at; None for all of them."""
        if fields is not None:
            space = _some(space, fields)
        parts = space.spaces if isinstance(space, Dict) else {"": space}
        for name, part in parts.items():
            if not isinstance(part, Box | Discrete):
                kind = type(part).__name__
                raise ValueError(f"observation {name!r} is a {kind}; a bandit needs numbers (Box or Discrete)")
        self.space, self.arms, self.fields = space, arms, fields
        self.size = 1 + flatdim(space) + arms
        self._vain: Vector = np.zeros(arms)

    def begin(self) -> None:
        """A new episode: nothing was tried."""
        self._vain = np.zeros(self.arms)

    def of(self, observation: Mapping[str, Any]) -> Vector:
        """The context of the next choice."""
        wanted = (
            {name: observation[name] for name in self.space.spaces} if isinstance(self.space, Dict) else observation
        )
        seen = np.asarray(flatten(self.space, wanted), float)
        return np.concatenate(([1.0], np.clip(seen, -1, 1), self._vain))

    def after(self, arm: int, reward: float | None) -> None:
        """What came of a choice: an arm that earned something opens the field for all again."""
        if reward is not None and reward > 0:
            self._vain[:] = 0
        else:
            self._vain[arm] = 1

    def names(self) -> list[str]:
        """What each number is, for a reader."""
        spaces = self.space.spaces if isinstance(self.space, Dict) else {"observation": self.space}
        seen = [f"{name}[{place}]" for name, part in spaces.items() for place in range(flatdim(part))]
        return ["constant", *seen, *(f"in_vain[{arm}]" for arm in range(self.arms))]


def _some(space: Space[Any], fields: Sequence[str]) -> Dict:
    """The part of a Dict that has these fields."""
    known = list(space.spaces) if isinstance(space, Dict) else []
    if not fields:
        choose = f", or choose from {', '.join(known)}" if known else ""
        raise ValueError(f"agent.context=[]: names no field of the observation; leave it out{choose}")
    for name in fields:
        if name not in known:
            hint = guess(name, known, "" if known else "choose from nothing: it is no Dict")
            raise ValueError(f"agent.context: the observation has no field {name!r}; {hint}")
    assert isinstance(space, Dict)
    return Dict({name: space.spaces[name] for name in known if name in fields})
