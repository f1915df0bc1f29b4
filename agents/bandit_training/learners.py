"""The learners of a run, one for each seed, and all that must be kept of them for the run to go on later.

Promises: `state` is JSON, and learners restored from it go on bit for bit. What is kept of an episode is a
few numbers; its whole course is in the trajectories.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gymnasium import Env
from gymnasium.spaces import Dict, Space

from agents.bandits import Bandit, make_bandit
from agents.choosers import BanditChooser
from agents.context import FIELDS, Context
from agents.episodes import Episode, Start
from agents.scene import REWARD_RANGE, Scene

SETTINGS = ("alpha", "ridge", "epsilon", "gamma", "share", "discount", "window")
"""The settings of bandits that a configuration may give."""


@dataclass
class Course:
    """What a seed's episodes came to, one number each."""

    rewards: list[float] = field(default_factory=list)
    firsts: list[float] = field(default_factory=list)
    """The reward of the first attempt."""
    solved: list[bool] = field(default_factory=list)
    pulls: list[int] = field(default_factory=list)
    bugs: list[int] = field(default_factory=list)
    """The place of the episode's bug in the pool."""
    faults: int = 0

    def add(self, episode: Episode) -> None:
        """Counts an episode; one that met a fault of the machine counts as a fault and as nothing else."""
        if episode.fault:
            self.faults += 1
            return
        self.rewards.append(episode.reward)
        self.firsts.append(episode.first)
        self.solved.append(episode.solved)
        self.pulls.append(len(episode.moves))
        self.bugs.append(episode.start.place)


@dataclass
class Learner:
    """One seed."""

    seed: int
    env: Env[Any, Any]
    chooser: BanditChooser
    stream: list[Start]
    """The episodes to play."""
    course: Course = field(default_factory=Course)

    @property
    def bandit(self) -> Bandit:
        """What learns."""
        return self.chooser.bandit

    def trained(self, arms: int) -> BanditChooser:
        """A chooser that uses what was learnt, explores nothing and learns nothing."""
        context = Context(self.env.observation_space, arms, self.chooser.context.fields)
        return BanditChooser(self.bandit, context, "bandit", self.chooser.hints, learning=False)

    def state(self) -> dict[str, Any]:
        """As JSON."""
        return {"bandit": self.bandit.state(), "course": vars(self.course)}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Takes back what `state` gave."""
        self.bandit.restore(state["bandit"])
        self.course = Course(**state["course"])


ALPHA = 0.15
"""How wide linear bandits explore here: a reward is known to within about as much, in the scale of -1 to 1."""


def bandit_settings(agent: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that were given, for `make_bandit`."""
    given = {name: agent[name] for name in SETTINGS if agent.get(name) is not None}
    return {"alpha": ALPHA, **given} if "lin" in agent["kind"] else given


def fields_of(agent: Mapping[str, Any], space: Space[Any]) -> list[str] | None:
    """The fields of observations that a bandit sees; None for all of them."""
    if agent.get("context") is not None:
        return list(agent["context"])
    known = space.spaces if isinstance(space, Dict) else {}
    return list(FIELDS) if all(name in known for name in FIELDS) else None


def make_learner(scene: Scene, agent: Mapping[str, Any], arms: int, seed: int, pool: Sequence[Start]) -> Learner:
    """A learner that knows nothing yet."""
    env = scene.make("train")
    context = Context(env.observation_space, arms, fields_of(agent, env.observation_space))
    bandit = make_bandit(agent["kind"], arms, context.size, seed, reward_range=REWARD_RANGE, **bandit_settings(agent))
    chooser = BanditChooser(bandit, context, "bandit", agent["hints"])
    return Learner(seed, env, chooser, scene.stream(pool, agent["episodes"], seed))
