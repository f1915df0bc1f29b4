"""What rules that learn nothing earn: the yardsticks of a learnt chooser, in training and on held-out bugs.

Promises: every rule meets the very episodes that the learner meets. The best fixed strategy is chosen by what
it earned on training bugs, never by the held-out ones; the regret in hindsight compares with whatever fixed
strategy would have been best up to that moment. A bug on which the machine failed for any rule is not learnt from, and
counted. Where no verdicts are shown there is no row of the hint ladder, which would do what round-robin does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.choosers import Chooser, Fixed, HintLadder, RoundRobin, Uniform, shows_verdicts
from agents.episodes import Episode, Start, deal, play_lanes
from agents.scene import Scene
from sandbox import SandboxFault

LANES = 12
"""Environments side by side where episodes do not depend on one another."""
LEADERS = 3
"""So many fixed strategies are candidates for the best one."""
Table = NDArray[np.float64]
Told = Callable[[Episode], None]
Once = Callable[[str, Sequence[Start], Callable[[], list[Episode]]], list[Episode]]
"""Does a piece of work that has a name, unless the episodes of these starts are known already."""


def play_all(
    scene: Scene,
    split: str,
    starts: Sequence[Start],
    make: Callable[[], Chooser],
    told: Told = lambda episode: None,
    most: int = 0,
) -> list[Episode]:
    """Every start once (or its first moves), by a chooser whose episodes do not depend on one another; in order."""
    lanes = [(env, make(), some) for env, some in zip(scene.lanes(split, LANES), deal(starts, LANES), strict=True)]
    played = play_lanes(lanes, scene.settled, lambda _, episode: told(episode), most)
    by_number = {episode.start.number: episode for lane in played for episode in lane}
    return [by_number[start.number] for start in starts]


@dataclass(frozen=True)
class Hindsight:
    """What each fixed strategy earns from each bug of a pool with its first attempt."""

    rewards: Table
    """Bugs x arms."""
    solved: Table
    """Bugs x arms: 1 where the program is then right."""
    ladder: list[float]
    """What the hint ladder's first attempt earns from each bug; empty where there is none."""
    leaders: dict[int, float]
    """Arm -> what it earns on average in whole episodes; the arms whose first attempts earn most."""
    left_out: list[int] = field(default_factory=list)
    """The places in the pool of the bugs on which the machine failed for anyone; they have no row."""
    silent: bool = False
    """Whether no episode said `solved`: then `rewards` are returns of whole episodes, and all arms are leaders."""

    def kept(self, pool: Sequence[Start]) -> list[Start]:
        """The bugs that have a row, each with the place of its row."""
        whole = [start for start in pool if start.place not in self.left_out]
        return [replace(start, place=row) for row, start in enumerate(whole)]

    @property
    def best_arm(self) -> int:
        """The fixed strategy that earns most from the pool, over whole episodes."""
        return max(self.leaders, key=lambda arm: self.leaders[arm])

    @property
    def rules(self) -> dict[str, list[float]]:
        """What the first attempt of each rule earns from each bug; of the random one on average."""
        means: list[float] = self.rewards.mean(axis=1).tolist()
        first: list[float] = self.rewards[:, 0].tolist()
        ladder = {"hint_ladder": self.ladder} if self.ladder else {}
        return {"random": means, "round_robin": first, **ladder}

    def as_json(self) -> dict[str, Any]:
        """For a file."""
        leaders = [[arm, value] for arm, value in self.leaders.items()]
        return {**vars(self), "rewards": self.rewards.tolist(), "solved": self.solved.tolist(), "leaders": leaders}

    @staticmethod
    def from_json(value: Mapping[str, Any]) -> Hindsight:
        """Back from a file."""
        rewards, solved = (np.array(value[name], float) for name in ("rewards", "solved"))
        leaders = {int(arm): mean for arm, mean in value["leaders"]}
        more = value.get("left_out", []), value.get("silent", False)
        return Hindsight(rewards, solved, value["ladder"], leaders, *more)


def hindsight(
    scene: Scene,
    pool: Sequence[Start],
    arms: int,
    told: Told = lambda episode: None,
    once: Once = lambda name, starts, work: work(),
    more: Callable[[int], None] = lambda episodes: None,
) -> Hindsight:
    """Tries every strategy once on every bug of the pool, and the best few to the end of the episode.

    Where no episode's end says `solved`, all are tried to the end, for a first move may mean nothing there; `more` is
    told how many episodes that takes.
    """
    whole = np.ones(len(pool), bool)

    def played(name: str, make: Callable[[], Chooser], most: int = 0) -> list[Episode]:
        found = once(name, pool, lambda: play_all(scene, "train", pool, make, told, most))
        whole[[place for place, episode in enumerate(found) if episode.fault]] = False
        if not whole.any():
            why = next((episode.fault for episode in found if episode.fault), "none could be drawn")
            raise SandboxFault(f"the machine failed on every one of {len(pool)} bugs to learn from: {why}")
        return found

    rewards, solved = (np.zeros((len(pool), arms)) for _ in range(2))
    for arm in range(arms):
        for place, episode in enumerate(played(f"first_{arm}", partial(Fixed, arm, arms), 1)):
            rewards[place, arm] = episode.first
            solved[place, arm] = episode.moves[0].parts.get("solved", float(episode.solved))
    ladder = np.zeros(0)
    if "hint_ladder" in rules_of(scene):
        ladder = np.array([episode.first for episode in played("first_hint_ladder", partial(HintLadder, arms), 1)])
    earned: dict[int, Table] = {}
    silent = True
    for place, arm in enumerate(np.argsort(-rewards[whole].mean(axis=0), kind="stable").tolist()):
        if place == LEADERS and silent:
            more((arms - LEADERS) * len(pool))
        if place < LEADERS or silent:
            found = played(f"whole_{arm}", partial(Fixed, arm, arms))
            earned[arm] = np.array([episode.reward for episode in found])
            silent = silent and all(episode.silent or episode.fault for episode in found)
    if silent:
        rewards = np.array([earned[arm] for arm in range(arms)]).T
    leaders = {arm: float(found[whole].mean()) for arm, found in earned.items()}
    firsts: list[float] = ladder[whole].tolist() if len(ladder) else []
    return Hindsight(rewards[whole], solved[whole], firsts, leaders, np.flatnonzero(~whole).tolist(), silent)


RULES = ("random", "round_robin", "best_fixed", "hint_ladder")
"""What a learnt chooser is measured against."""


def rules_of(scene: Scene) -> tuple[str, ...]:
    """Those of `RULES` that make sense in a scene."""
    [env] = scene.lanes("train", 1)
    return RULES if shows_verdicts(env.observation_space) else tuple(name for name in RULES if name != "hint_ladder")


def rule(name: str, arms: int, best_arm: int, seed: int) -> Chooser:
    """One of `RULES`, new."""
    if name == "best_fixed":
        best = Fixed(best_arm, arms)
        best.name = name
        return best
    return {"random": Uniform(arms, seed), "round_robin": RoundRobin(arms), "hint_ladder": HintLadder(arms)}[name]
