"""Plays episodes: one at a time in an environment, and many environments side by side on one sandbox.

Promises: a lane plays its episodes in order, so an agent that learns in it learns as it would alone; lanes
share nothing but the sandbox, and none waits while another has something to judge. An episode that meets a
fault of the machine says so in its record, and its last reward is None, never a number. Works with any
Gymnasium environment; those of `envs` are judged together.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gymnasium import Env

from agents.bandits import Choice
from agents.choosers import Chooser
from envs.asking import Asking
from envs.episode import TextEnv
from sandbox import SandboxFault

LEFT = "left"
"""How an episode ended that was not played to its end."""
Settle = Callable[[Iterable[Asking[Any]]], list[Any]]
"""Settles askings that deal with faults themselves: `Scene.settled`."""


@dataclass(frozen=True)
class Start:
    """How an episode begins."""

    number: int
    seed: int
    options: dict[str, Any] = field(default_factory=dict)
    """What `reset` is told, such as the problem and the bug."""
    place: int = 0
    """Which of a pool of bugs it is."""


@dataclass
class Move:
    """One step of an episode."""

    action: int
    propensity: float | None
    exact: bool
    reward: float | None
    """None when the machine failed."""
    parts: dict[str, float]
    waited_s: float
    """How long the sandbox took."""
    tried: int = 0
    """How many programs were judged, where the environment says so."""
    context: Sequence[float] | None = None
    """What a contextual bandit saw."""


@dataclass
class Episode:
    """What happened."""

    start: Start
    name: str
    """Who chose."""
    problem: str = ""
    bug: str = ""
    moves: list[Move] = field(default_factory=list)
    ended: str = ""
    solved: bool = False
    """By the hidden cases."""
    silent: bool = False
    """Whether its end said nothing about `solved`, as the environments of other packages may."""
    fault: str = ""
    info: dict[str, Any] = field(default_factory=dict)
    """The last step's."""
    text: str = ""
    """The last picture, when the environment renders one."""

    @property
    def reward(self) -> float:
        """The sum of what was earned."""
        return sum(move.reward or 0.0 for move in self.moves)

    @property
    def first(self) -> float:
        """What the first attempt earned."""
        return (self.moves[0].reward or 0.0) if self.moves else 0.0

    def close(self, ended: str, info: dict[str, Any]) -> None:
        """Takes down how it ended, by the `info` of its last step."""
        self.ended, self.info = ended, info
        self.solved, self.fault = bool(info.get("solved", False)), str(info.get("fault", ""))
        self.silent = "solved" not in info and not self.fault and ended != LEFT

    def record(self, **more: Any) -> dict[str, Any]:
        """As one line of `trajectories.jsonl`: nothing in it depends on the clock."""
        kept = ("action", "propensity", "exact", "reward", "parts")
        steps = [
            {name: getattr(each, name) for name in kept} | ({"context": each.context} if each.context else {})
            for each in self.moves
        ]
        start = {"episode": self.start.number, "seed": self.start.seed, "problem": self.problem, "bug": self.bug}
        end = {"ended": self.ended, "solved": None if self.silent else self.solved, "reward": self.reward}
        fault = {"fault": self.fault} if self.fault else {}
        return {"kind": "episode", **more, "agent": self.name, **start, "steps": steps, **end, **fault}


def recalled(record: Mapping[str, Any], start: Start) -> Episode:
    """The episode of a `record`; of its last step, and of how long it waited, a record says nothing."""
    moves = [Move(**step, waited_s=0.0) for step in record["steps"]]
    about = {name: record[name] for name in ("problem", "bug", "ended")}
    about |= {"solved": bool(record["solved"]), "silent": record["solved"] is None, "fault": record.get("fault", "")}
    return Episode(start, record["agent"], moves=moves, **about)


def play(env: Env[Any, Any], chooser: Chooser, start: Start, most: int = 0) -> Asking[Episode]:
    """One episode, or its first `most` moves, as an asking (see `envs.asking`)."""
    episode = Episode(start, chooser.name)
    observation, info = yield from begin(env, start)
    episode.problem, episode.bug = str(info.get("problem", "")), str(info.get("bug", ""))
    chooser.begin(start.number)
    ended = ""
    while not ended:
        choice = chooser.choose(observation)
        began = time.perf_counter()
        observation, reward, terminated, truncated, info = yield from move(env, choice.arm)
        waited = time.perf_counter() - began
        known = None if "fault" in info or math.isnan(reward) else float(reward)
        chooser.learn(choice, known)
        episode.moves.append(_moved(choice, known, info, waited))
        if terminated or truncated:
            ended = str(info.get("ended", "")) or ("terminated" if terminated else "truncated")
        elif len(episode.moves) == most:
            ended = LEFT
    episode.close(ended, info)
    return episode


def play_lanes(
    lanes: Sequence[tuple[Env[Any, Any], Chooser, Iterable[Start]]],
    settle: Settle,
    after: Callable[[int, Episode], None] = lambda lane, episode: None,
    most: int = 0,
) -> list[list[Episode]]:
    """Each lane's episodes, in order; `after` is told of each as it ends."""

    def lane(place: int) -> Asking[list[Episode]]:
        env, chooser, starts = lanes[place]
        found = []
        for start in starts:
            found.append((yield from play(env, chooser, start, most)))
            after(place, found[-1])
        return found

    return settle([lane(place) for place in range(len(lanes))])


def deal(starts: Sequence[Start], lanes: int) -> list[Iterator[Start]]:
    """The same starts for several lanes, each taken by whichever lane is free first."""
    shared = iter(starts)
    return [shared] * lanes


def _moved(choice: Choice, reward: float | None, info: dict[str, Any], waited: float) -> Move:
    parts = {name: float(value) for name, value in info.get("reward_parts", {}).items() if math.isfinite(value)}
    tried = int(info.get("tried", 1))
    return Move(choice.arm, choice.propensity, choice.exact, reward, parts, waited, tried, choice.context)


def begin(env: Env[Any, Any], start: Start) -> Asking[tuple[Any, dict[str, Any]]]:
    """`reset`, as an asking."""
    inner = env.unwrapped
    if not isinstance(inner, TextEnv):
        return env.reset(seed=start.seed, options=dict(start.options))
    try:
        result: Any = yield from inner.begin(start.seed, start.options)
    except SandboxFault as fault:
        result = fault
    return inner.begun(result)


def move(env: Env[Any, Any], action: int) -> Asking[tuple[Any, float, bool, bool, dict[str, Any]]]:
    """`step`, as an asking."""
    inner = env.unwrapped
    if not isinstance(inner, TextEnv):
        observation, reward, terminated, truncated, info = env.step(action)
        return observation, float(reward), terminated, truncated, info
    try:
        result: Any = yield from inner.move(action)
    except SandboxFault as fault:
        result = fault
    return inner.moved(result)
