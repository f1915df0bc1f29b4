"""How good a policy is on problems that it is not trained on: the same episodes before training and after it.

Promises: the starts and the draws depend on nothing but their number, so policies of different seeds and runs meet the
same ones, and training goes on as if nobody had looked; what was measured is kept, and a resumed run does not measure
it again. Episodes that met a fault count in no mean. Does not promise that the problems are others than those of
training: that is for `problems.test` to say.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import gymnasium

from agents.llm.engines import LocalEngine
from agents.llm.episodes import Episode, Start, Talk, arena_of, seed_of
from agents.llm.generate import Distribution
from agents.llm.policy import Policy
from agents.llm.rollout import Limits, Players
from agents.runs import RunDirectory

AT_ONCE = 32
"""So many episodes side by side."""
SHOWN = ("hidden_score", "solved", "escaped")
"""Of what an environment says at the end of an episode."""


@dataclass
class HeldOut:
    """Measures one policy in episodes of one kind."""

    make: Callable[[], gymnasium.Env[Any, Any]]
    talk: Talk
    limits: Limits
    episodes: int
    temperature: float
    run: RunDirectory
    seed: int

    def measured(self, when: str, policy: Policy, advance: Callable[[int], object]) -> dict[str, float]:
        """The means, of now or of when they were measured."""
        name = f"measured/held-out-{self.seed}-{when}.json"
        known = self.run.load(name)
        if known is None:
            known = means_of(self._played(policy, advance))
            self.run.save(name, known)
        return known

    def _played(self, policy: Policy, advance: Callable[[int], object]) -> list[Episode]:
        """All episodes; the policy samples for itself, whoever does in training."""
        engine = LocalEngine(policy, Distribution(self.temperature))
        arena = arena_of(self.make, min(AT_ONCE, self.episodes))
        players = Players(policy.chat, engine.sample, arena, self.talk, self.limits)
        starts = [Start(seed_of("held out", number)) for number in range(self.episodes)]
        found: list[Episode] = []
        for first in range(0, self.episodes, arena.size):
            played, _ = players.play(starts[first : first + arena.size], 1, seed_of("held out", first))
            found += played
            advance(len(played))
        return found


def means_of(episodes: Sequence[Episode]) -> dict[str, float]:
    """The mean of the reward, and of what tells how good an episode was, over those that met no fault.

    An environment says so where it ends an episode; one that a limit of ids or turns has ended counts as 0.
    """
    sound = [each for each in episodes if not math.isnan(each.reward)]
    found: dict[str, float] = {"episodes": len(episodes), "faults": len(episodes) - len(sound)}
    if sound:
        found["reward"] = fmean(each.reward for each in sound)
    for name in SHOWN:
        if any(name in each.info for each in sound):
            found[name] = fmean(float(each.info.get(name, 0.0)) for each in sound)
    return found
