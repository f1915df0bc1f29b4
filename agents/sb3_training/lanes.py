"""Repair environments side by side, in the form that stable-baselines3 wants.

Promises: each lane plays a stream of bugs of its own, and all lanes' questions go to the sandbox together. A
fault of the machine is never a reward: it is counted, the episode is played again up to that step, and the run stops if
the fault stays. `state` is JSON: lanes restored from it are in the middle of the same episodes.
Does not promise to be quick to restore: the steps of unfinished episodes are played again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from gymnasium import Env
from gymnasium.spaces import Dict
from stable_baselines3.common.vec_env import VecEnv

from agents.episodes import Episode, Move, Settle, Start, begin, move
from envs.asking import Asking
from sandbox import SandboxFault

TRIES = 3
"""So often an episode is played again when the machine failed."""


class Lane:
    """One environment and where it is in its stream of bugs."""

    def __init__(self, env: Env[Any, Any], stream: Callable[[int], Start]) -> None:
        self.env, self.stream = env, stream
        self.number = -1
        """The number of the episode."""
        self.actions: list[int] = []
        self.faults = 0
        """So often the machine failed."""
        self.episode = Episode(Start(0, 0), "")

    def next_episode(self) -> Asking[Any]:
        """Begins the stream's next episode."""
        self.number += 1
        return (yield from self.replay([]))

    def replay(self, actions: Sequence[int]) -> Asking[Any]:
        """Begins the episode again and repeats these actions; returns the last observation."""
        self.actions, start = [], self.stream(self.number)
        observation, info = yield from begin(self.env, start)
        self.episode = Episode(start, "sb3", str(info.get("problem", "")), str(info.get("bug", "")))
        for action in actions:
            observation, *_ = yield from self.act(action)
        return observation

    def act(self, action: int) -> Asking[tuple[Any, float, bool, bool, dict[str, Any]]]:
        """One step, as `Env.step` returns it."""
        for _ in range(TRIES):
            step = yield from move(self.env, action)
            if "fault" not in step[4]:
                self.actions.append(action)
                parts = {name: float(value) for name, value in step[4].get("reward_parts", {}).items()}
                self.episode.moves.append(Move(action, None, False, step[1], parts, 0.0))
                return step
            self.faults += 1
            yield from self.replay(list(self.actions))
        raise SandboxFault(f"the machine failed {TRIES} times at the same step: {step[4]['fault']}")


class Lanes(VecEnv):
    """All lanes as one environment with automatic resets."""

    def __init__(self, lanes: Sequence[Lane], settle: Settle, after: Callable[[Episode], None]) -> None:
        self.lanes, self.settle, self.after = lanes, settle, after
        first = lanes[0].env
        self._actions: Sequence[int] = []
        super().__init__(len(lanes), first.observation_space, first.action_space)

    def reset(self) -> Any:
        """The first episodes."""
        return self._batched(self.settle([lane.next_episode() for lane in self.lanes]))

    def step_async(self, actions: Any) -> None:
        self._actions = [int(action) for action in actions]

    def step_wait(self) -> Any:
        pairs = zip(self.lanes, self._actions, strict=True)
        steps = self.settle([self._step(lane, action) for lane, action in pairs])
        observations, rewards, ended, infos = zip(*steps, strict=True)
        return self._batched(observations), np.array(rewards, np.float32), np.array(ended), list(infos)

    def _step(self, lane: Lane, action: int) -> Asking[tuple[Any, float, bool, dict[str, Any]]]:
        observation, reward, terminated, truncated, info = yield from lane.act(action)
        if not (terminated or truncated):
            return observation, reward, False, info
        lane.episode.close(str(info.get("ended", "")), info)
        self.after(lane.episode)
        cut = truncated and not terminated and not lane.episode.ended  # a spent budget is an end of the episode's own
        info = {**info, "terminal_observation": observation, "TimeLimit.truncated": cut}
        return (yield from lane.next_episode()), reward, True, info

    def _batched(self, observations: Sequence[Any]) -> Any:
        if not isinstance(self.observation_space, Dict):
            return np.stack([np.asarray(one) for one in observations])
        return {name: np.stack([np.asarray(one[name]) for one in observations]) for name in observations[0]}

    def state(self) -> dict[str, Any]:
        """Where each lane is."""
        names = ("number", "actions", "faults")
        return {"lanes": [{name: getattr(lane, name) for name in names} for lane in self.lanes]}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Goes back to a `state()`."""
        for lane, kept in zip(self.lanes, state["lanes"], strict=True):
            lane.number, lane.faults = kept["number"], kept.get("faults", 0)
        pairs = zip(self.lanes, state["lanes"], strict=True)
        self.settle([lane.replay(kept["actions"]) for lane, kept in pairs])

    # What stable-baselines3 asks of any vector; lanes have no attributes for others.

    def close(self) -> None:
        for lane in self.lanes:
            lane.env.close()

    def get_attr(self, attr_name: str, indices: Any = None) -> list[Any]:
        return [getattr(self.lanes[place].env, attr_name) for place in self._get_indices(indices)]

    def set_attr(self, attr_name: str, value: Any, indices: Any = None) -> None:
        raise ValueError(f"set_attr({attr_name!r}): the lanes' environments are not to be changed")

    def env_method(self, method_name: str, *args: Any, indices: Any = None, **keywords: Any) -> list[Any]:
        return [getattr(self.lanes[place].env, method_name)(*args, **keywords) for place in self._get_indices(indices)]

    def env_is_wrapped(self, wrapper_class: Any, indices: Any = None) -> list[bool]:
        return [False for _ in self._get_indices(indices)]
