"""Where a strategy agent learns and is measured: environments, a repairer who remembers, and which bugs are
for what.

Promises: bugs to learn from and bugs to be measured on come from different problems; the same configuration
gives the same bugs in the same order. All environments share one sandbox and one repairer. Works with
`Repair-Strategy-v0`, and with any environment of another package that has Discrete actions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from types import TracebackType
from typing import Any, TypeVar, cast

import gymnasium
import numpy as np
from gymnasium import Env
from gymnasium.spaces import Discrete

import envs
from agents.episodes import Start, begin
from agents.remembering import Endless, RememberingRepairer
from envs.asking import Asking, settle_all
from envs.registration import ENTRY_POINTS
from sandbox import Sandbox, SandboxFault, open_sandbox

T = TypeVar("T")

AT_ONCE = 8
"""Environments that draw bugs side by side."""
REWARD_RANGE = (-1.0, 1.0)
"""In which every reward of a step lies."""


class Scene:
    """Opens what a run needs. Use it as a context manager, or call `close`."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self.settings = dict(config["env"])
        self.id: str = self.settings.pop("id")
        self.problems = dict(config["problems"])
        self.ours = self.id in ENTRY_POINTS
        self._stack = ExitStack()
        self.box: Sandbox | None = None
        self._endless = Endless()
        self._lanes: dict[str, list[Env[Any, Any]]] = {}
        self.repairer: RememberingRepairer | None = None
        if self.ours:
            from envs.repairer import EmbeddedRepairer

            chosen = dict(config["sandbox"])
            workers = {} if chosen.get("workers") is None else {"workers": chosen["workers"]}
            self.box = self._stack.enter_context(open_sandbox(chosen["shell"], **{"workers": _cores(), **workers}))
            self.repairer = RememberingRepairer(EmbeddedRepairer())

    def __enter__(self) -> Scene:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Closes the sandbox."""
        self._stack.close()

    def make(self, split: str = "train") -> Env[Any, Any]:
        """An environment over the problems of a split: train, validation or test."""
        assert envs is not None  # imported for its ids
        more: dict[str, Any] = {}
        if self.ours:
            more = {"problems": self.problems[split], "sandbox": self.box, "repairer": self.repairer}
        return gymnasium.make(self.id, disable_env_checker=True, **self.settings, **more)

    def lanes(self, split: str, count: int) -> list[Env[Any, Any]]:
        """So many environments over a split, made once and used again; whoever takes them plays whole episodes."""
        kept = self._lanes.setdefault(split, [])
        kept += [self.make(split) for _ in range(count - len(kept))]
        return kept[:count]

    @property
    def arms(self) -> int:
        """How many strategies there are."""
        [env] = self.lanes("train", 1)
        if not isinstance(env.action_space, Discrete):
            raise ValueError(f"env.id={self.id}: a bandit needs Discrete actions, and these are {env.action_space}")
        return int(env.action_space.n)

    def settled(self, askings: Iterable[Asking[T]]) -> list[T]:
        """The results of askings that deal with faults themselves."""
        spared = [self._endless.sparing(asking) for asking in askings]
        found: list[T] = []
        for result in settle_all(spared, cast(Sandbox, self.box)):  # without a box there will be no question
            if isinstance(result, SandboxFault):
                raise result
            found.append(result)
        return found

    def draw(self, split: str, count: int, seed: int) -> list[Start]:
        """Different bugs of a split's problems, as starts of episodes, each drawn as `reset` draws."""
        found: dict[tuple[str, str], Start] = {}
        seeds = iter(np.random.SeedSequence((seed, *split.encode())).generate_state(20 * count).tolist())
        lanes = self.lanes(split, AT_ONCE)
        while len(found) < count:
            wanted = [seed for _, seed in zip(lanes, seeds, strict=False)]
            if not wanted:
                break  # the split has no more
            for one, info in zip(wanted, self._begun(lanes, wanted), strict=False):
                problem, bug = str(info.get("problem", "")), str(info.get("bug", one))
                options = {"problem": problem, "bug": bug} if "bug" in info and self.ours else {}
                if "fault" not in info and len(found) < count:
                    found.setdefault((problem, bug), Start(len(found), int(one), options, len(found)))
        return list(found.values())

    def _begun(self, lanes: Sequence[Env[Any, Any]], seeds: Sequence[int]) -> list[dict[str, Any]]:
        """What `reset` says with each of these seeds."""
        return [info for _, info in self.settled(begin(*pair) for pair in zip(lanes, map(_bare, seeds), strict=False))]

    def stream(self, pool: Sequence[Start], episodes: int, seed: int) -> list[Start]:
        """Which bug each episode of a seed begins with: the pool in a new order in each round."""
        found: list[Start] = []
        for round_ in range(-(-episodes // len(pool))):
            order = np.random.default_rng((seed, round_, 5)).permutation(len(pool))
            found += [pool[place] for place in order]
        return [replace(start, number=number) for number, start in enumerate(found[:episodes])]


def _bare(seed: int) -> Start:
    return Start(0, seed)


def _cores() -> int:
    from envs.boxes import cores

    return cores()
