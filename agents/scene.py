"""Where a strategy agent learns and is measured: environments, a repairer who remembers, and which bugs are
for what.

Promises: bugs to learn from and bugs to be measured on come from different problems; the same configuration
gives the same bugs in the same order. All environments share one sandbox and one repairer. Works with
`Repair-Strategy-v0`, and with any environment of another package that has Discrete actions, observations of numbers and
rewards from -1 to 1. `blank`, `check_choosing` and `check_writing` say what cannot work before anything is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar, cast

import gymnasium
import numpy as np
from gymnasium import Env
from gymnasium.spaces import Discrete, Text

import envs
from agents.episodes import Start, begin
from agents.remembering import Endless, RememberingRepairer
from agents.repair.hiring import HiredRepairer, check_repairer, is_model
from agents.strategies import names_of, noun_of
from envs.asking import Asking, settle_all
from envs.boxes import fresh_box
from envs.registration import ENTRY_POINTS
from envs.repairer.patient import Repairer
from envs.sources import find_problems
from sandbox import Sandbox, SandboxFault

T = TypeVar("T")

AT_ONCE = 8
"""Environments that draw bugs side by side."""
REWARD_RANGE = (-1.0, 1.0)
"""In which every reward of a step lies."""
MADE_BY_AGENTS = ("adversary", "tester", "tests_by", "repairer")
"""Settings of our environments in whose place an agent puts an object that it makes."""
ADVERSARIAL = "TestGen-Adversarial-v0"
"""The environment that is handed a pool of opponents besides."""


def make_env(name: str, keywords: Mapping[str, Any]) -> Env[Any, Any]:
    """The environment of that id; whatever keeps it from being made is a ValueError."""
    assert envs is not None  # imported for its ids
    try:
        return gymnasium.make(name, disable_env_checker=True, **keywords)
    except (TypeError, ImportError, gymnasium.error.Error) as error:
        raise ValueError(f"env.id={name}: cannot be made: {error}") from None
    except ValueError as error:
        said = str(error)
        if said.partition(":")[0] not in keywords or said.startswith("problems:"):
            raise
        raise ValueError(f"env.{said}") from None  # as the setting is written on a command line


def blank(config: Mapping[str, Any]) -> Env[Any, Any]:
    """The environment that a configuration describes, to be looked at and not played.

    No sandbox is opened, but for a data set whose inputs have no answers yet.
    """
    keywords = dict(config["env"])
    name = str(keywords.pop("id"))
    if name in ENTRY_POINTS:
        problems, box = config["problems"], config["sandbox"]
        if box["workers"] is not None and box["workers"] < 1:
            raise ValueError(f"sandbox.workers={box['workers']}: give 1 or more")
        keywords = {key: value for key, value in keywords.items() if key not in MADE_BY_AGENTS}
        keywords |= {"problems": problems["train"], "sandbox": box["shell"], "workers": box["workers"]}
        keywords |= {"pool": True} if name == ADVERSARIAL else {}
    return make_env(name, keywords)


def check_choosing(config: Mapping[str, Any], counts: Sequence[str]) -> Env[Any, Any]:
    """Raises for what no agent that chooses among arms can work with; returns a blank environment.

    `counts` are the settings of the agent that must be 1 or more.
    """
    given = [("seeds", config["seeds"]), *((f"agent.{name}", config["agent"][name]) for name in counts)]
    for name, value in given:
        if value < 1:
            raise ValueError(f"{name}={value}: give 1 or more")
    if config["seed"] < 0:
        raise ValueError(f"seed={config['seed']}: give 0 or more")
    if is_model(config["env"].get("repairer")):
        check_repairer(config["env"]["repairer"])
    env = blank(config)
    arms_of(env, config["env"]["id"])
    if config["env"]["id"] in ENTRY_POINTS:
        inner: Any = env.unwrapped
        find_problems(config["problems"]["test"], lambda: inner.box)
    return env


def check_writing(config: Mapping[str, Any]) -> None:
    """Raises for what no agent that acts with text can work with."""
    space = blank(config).action_space
    if not isinstance(space, Text):
        raise ValueError(
            f"env.id={config['env']['id']}: this agent acts with text, and the actions there are {space}; choose an "
            "environment such as env=testgen, or an agent such as agent=bandit"
        )


def arms_of(env: Env[Any, Any], name: str) -> int:
    """How many arms there are to choose from."""
    space = env.action_space
    if not isinstance(space, Discrete) or space.start != 0:
        raise ValueError(
            f"env.id={name}: this agent needs Discrete actions from 0 on, and these are {space}; choose an environment "
            "such as env=repair, or an agent that writes, such as agent=grpo"
        )
    return int(space.n)


class Scene:
    """Opens what a run needs. Use it as a context manager, or call `close`."""

    def __init__(self, config: Mapping[str, Any], folder: Path = Path()) -> None:
        """`folder` is where a model's replies and costs are kept, if one repairs."""
        self.settings = dict(config["env"])
        self.id: str = self.settings.pop("id")
        self.problems = dict(config["problems"])
        self.ours = self.id in ENTRY_POINTS
        self._stack = ExitStack()
        self.box: Sandbox | None = None
        self._endless = Endless()
        self._lanes: dict[str, list[Env[Any, Any]]] = {}
        self.repairer: RememberingRepairer | None = None
        self.hired: HiredRepairer | None = None
        """The model that repairs, if one does."""
        if self.ours:
            box = config["sandbox"]
            self.box = self._stack.enter_context(fresh_box(box["shell"], box.get("workers")))
            self.repairer = RememberingRepairer(self._repairer(self.settings.pop("repairer", None), config, folder))

    def _repairer(self, given: Mapping[str, Any] | None, config: Mapping[str, Any], folder: Path) -> Repairer:
        if given is None or not is_model(given):
            from envs.repairer import EmbeddedRepairer

            return EmbeddedRepairer()
        hired = HiredRepairer(given, folder, config["seed"], cast(Sandbox, self.box))
        self.hired = self._stack.enter_context(hired)
        return hired

    def __enter__(self) -> Scene:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stack.__exit__(kind, error, at)

    def close(self) -> None:
        """Closes the sandbox, and the model if there is one."""
        self._stack.close()

    def costs(self) -> dict[str, Any]:
        """What a model that repairs took, for the summary; nothing where none does."""
        return {"repairer": self.hired.summary()} if self.hired else {}

    def make(self, split: str = "train") -> Env[Any, Any]:
        """An environment over the problems of a split: train or test."""
        more: dict[str, Any] = {}
        if self.ours:
            more = {"problems": self.problems[split], "sandbox": self.box, "repairer": self.repairer}
        return make_env(self.id, {**self.settings, **more})

    def lanes(self, split: str, count: int) -> list[Env[Any, Any]]:
        """So many environments over a split, made once and used again; whoever takes them plays whole episodes."""
        kept = self._lanes.setdefault(split, [])
        kept += [self.make(split) for _ in range(count - len(kept))]
        return kept[:count]

    @property
    def arms(self) -> int:
        """How many strategies there are."""
        [env] = self.lanes("train", 1)
        return arms_of(env, self.id)

    @property
    def noun(self) -> str:
        """What episodes begin with."""
        return noun_of(self.id)

    @property
    def arm_names(self) -> Sequence[str]:
        """What they are called."""
        return names_of(self.arms, self.ours)

    def settled(self, askings: Iterable[Asking[T]]) -> list[T]:
        """The results of askings that deal with faults themselves."""
        spared = [self._endless.sparing(asking) for asking in askings]
        found: list[T] = []
        for result in settle_all(spared, cast(Sandbox, self.box)):  # without a box there will be no question
            if isinstance(result, SandboxFault):
                raise result
            found.append(result)
        return found

    def draw(self, split: str, count: int, seed: int, told: Callable[[int], None] = lambda more: None) -> list[Start]:
        """Different bugs of a split's problems, as starts of episodes, each drawn as `reset` draws.

        `told` hears now and then how many more there are.
        """
        found: dict[tuple[str, str], Start] = {}
        seeds = iter(np.random.SeedSequence((seed, *split.encode())).generate_state(20 * count).tolist())
        lanes = self.lanes(split, AT_ONCE)
        while len(found) < count:
            wanted = [seed for _, seed in zip(lanes, seeds, strict=False)]
            if not wanted:
                break  # the split has no more
            before = len(found)
            for one, info in zip(wanted, self._begun(lanes, wanted), strict=False):
                problem, bug = str(info.get("problem", "")), str(info.get("bug", one))
                options = {"problem": problem, "bug": bug} if "bug" in info and self.ours else {}
                if "fault" not in info and len(found) < count:
                    found.setdefault((problem, bug), Start(len(found), int(one), options, len(found)))
            told(len(found) - before)
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
