"""What `python -m envs check` tries on an environment, any that is registered.

An environment tells the checker what it cannot know by methods of the unwrapped environment, none of which an
agent gets to see:

    oracle_action()   the action that earns the most that one step can earn now; uses what the agent must not know
    noop_action()     the action of somebody who does nothing; no cheat may earn more than it
    best_reward       what the oracle's action earns; 1 where the environment does not say

Promises: each check ends in a finding, whatever the environment does; what an environment does not tell is not
checked, and the finding says so. Does not promise that a clean environment is a good one.
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import os
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gymnasium
from gymnasium import spaces
from gymnasium.envs.registration import EnvSpec
from gymnasium.utils.env_checker import check_env

from envs.commands.choose import accepts, made
from envs.commands.hostile import attacks_in, hostile_actions
from envs.commands.trajectory import NOT_FOUND, fingerprint, walked
from sandbox import Sandbox

CLOSE = 1e-6
"""Rewards closer than this are the same."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found."""

    check: str
    holds: bool | None
    """None: it could not be checked."""
    told: str = ""
    """What was seen."""


class Broken(Exception):  # noqa: N818  (it is a finding, and never leaves this module)
    """A check that does not hold, and what was seen."""


class Unchecked(Exception):  # noqa: N818
    """A check that this environment gives no hold for, and what it would need."""


@dataclass(slots=True)
class Checkup:
    """An environment under examination."""

    spec: EnvSpec
    keywords: dict[str, Any]
    """Plain data, so that another process can be given them."""
    box: Sandbox | None = None
    """The sandbox to use, where the environment takes one."""
    episodes: int = 3
    every_problem: bool = False
    moves: int = 24
    attacks: Path | None = None
    """A folder with more hostile programs."""
    name: str = ""
    """The id as the caller wrote it, with the package that registers it; another process is given that one."""

    def make(self, **changes: Any) -> gymnasium.Env[Any, Any]:
        """The environment, in the checker's own sandbox where it takes one."""
        keywords = {**self.keywords, **changes}
        if self.box is not None and accepts(self.spec, "sandbox"):
            keywords["sandbox"] = self.box
        return made(self.spec, **keywords)

    @contextlib.contextmanager
    def opened(self, **changes: Any) -> Iterator[gymnasium.Env[Any, Any]]:
        """The environment, closed afterwards."""
        env = self.make(**changes)
        try:
            yield env
        finally:
            env.close()

    def episodes_of(self, env: gymnasium.Env[Any, Any]) -> list[tuple[int, dict[str, Any]]]:
        """Seeds and options of the episodes to try: some, or one for each problem."""
        problems = getattr(env.unwrapped, "problems", None)
        if self.every_problem and problems:
            return [(seed, {"problem": problem.id}) for seed, problem in enumerate(problems)]
        return [(seed, {}) for seed in range(self.episodes)]


def examine(checkup: Checkup) -> Iterator[Finding]:
    """All findings, as they come."""
    for name, check in CHECKS.items():
        try:
            yield Finding(name, True, check(checkup) or "")
        except Unchecked as reason:
            yield Finding(name, None, str(reason))
        except Broken as found:
            yield Finding(name, False, str(found))
        except Exception as error:
            yield Finding(name, False, f"{type(error).__name__}: {error}")


def gymnasium_agrees(checkup: Checkup) -> str:
    """Gymnasium's own checker has nothing to say, not even a warning."""
    with warnings.catch_warnings(record=True) as said, contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("always")
        with checkup.opened() as env:
            check_env(env.unwrapped)
    if said:
        raise Broken(f"{len(said)} warnings, the first: {said[0].message}")
    return "no warning"


def can_be_written_down(checkup: Checkup) -> str:
    """The specification survives being written as JSON, so that other processes can make the environment."""
    with gymnasium.make(checkup.spec.id, **checkup.keywords) as env:
        spec = env.spec
        if spec is None:
            raise Broken("the environment has no specification")
        again = EnvSpec.from_json(spec.to_json())
        if again.id != spec.id or again.kwargs != spec.kwargs:
            raise Broken(f"{spec.kwargs} became {again.kwargs}")
        text = spec.to_json()
    return f"{len(text)} bytes"


def survives_garbage(checkup: Checkup) -> str:
    """Any action of the space gives an observation of the space and a finite reward."""
    with checkup.opened() as env:
        env.action_space.seed(0)
        env.reset(seed=0)
        for move in range(checkup.moves):
            observation, reward, terminated, truncated, info = env.step(env.action_space.sample())
            if observation not in env.observation_space:
                raise Broken(f"move {move}: the observation is not in its space")
            if not math.isfinite(reward):
                raise Broken(f"move {move}: reward {reward}, {info.get('fault', 'and no fault is told')}")
            if terminated or truncated:
                env.reset()
    return f"{checkup.moves} moves"


def oracle_earns_the_most(checkup: Checkup) -> str:
    """The oracle's action earns what the environment says is the most."""
    with checkup.opened() as env:
        act = told(env, "oracle_action")
        episodes = checkup.episodes_of(env)
        for seed, options in episodes:
            env.reset(seed=seed, options=options)
            best = float(getattr(env.unwrapped, "best_reward", 1.0))
            reward = float(env.step(act())[1])
            if not abs(reward - best) < CLOSE:
                raise Broken(f"{episode(seed, options)}: it earned {reward}, and the most is {best}")
    return f"{len(episodes)} episodes"


def idleness_earns_the_least(checkup: Checkup) -> str:
    """Doing nothing earns less than the oracle."""
    with checkup.opened() as env:
        act = told(env, "noop_action")
        episodes = checkup.episodes_of(env)
        for seed, options in episodes:
            env.reset(seed=seed, options=options)
            best = float(getattr(env.unwrapped, "best_reward", 1.0))
            reward = float(env.step(act())[1])
            if not reward < best - CLOSE:
                raise Broken(f"{episode(seed, options)}: it earned {reward}, as much as the oracle")
    return f"{len(episodes)} episodes"


def cheating_does_not_pay(checkup: Checkup) -> str:
    """No hostile action earns more than doing nothing, or gets away with a fault of the machine."""
    with checkup.opened() as env:
        act = told(env, "noop_action")
        if not isinstance(env.action_space, spaces.Text):
            raise Unchecked("its actions are no texts")
        env.reset(seed=0)
        floor = float(env.step(act())[1])
        entry = getattr(getattr(env.unwrapped, "problem", None), "entry", "")
        found = hostile_actions(entry) | (attacks_in(checkup.attacks, entry) if checkup.attacks else {})
        for name, text in found.items():
            env.reset(seed=0)
            fit = getattr(env.action_space, "fit", str)
            _, reward, _, _, info = env.step(fit(text))
            if not float(reward) <= floor + CLOSE:  # NaN, too
                raise Broken(f"{name!r} earned {reward}, doing nothing {floor}; {info.get('fault', '')}")
    return f"{len(found)} hostile actions, floor {floor:g}"


def is_reproducible(checkup: Checkup) -> str:
    """The same seed and actions give the same bytes: again, in another process, with another number of workers."""
    marks = {"again": _mark(checkup), "here": _mark(checkup)}
    for hash_seed, workers in (("1", 1), ("77", 2)):
        changes: dict[str, Any] = {"workers": workers} if accepts(checkup.spec, "workers") else {}
        if checkup.box is not None and accepts(checkup.spec, "sandbox"):
            changes["sandbox"] = checkup.box.shell_name
        marks[f"hash seed {hash_seed}, {workers} workers"] = _mark_elsewhere(checkup, hash_seed, changes)
    different = [where for where, mark in marks.items() if mark != marks["here"]]
    if different:
        raise Broken(f"differs: {', '.join(different)}")
    return f"{marks['here'][:16]}, {checkup.moves} moves in 3 processes"


def _mark(checkup: Checkup) -> str:
    with checkup.opened() as env:
        return fingerprint(walked(env, 5, checkup.moves))


def _mark_elsewhere(checkup: Checkup, hash_seed: str, changes: dict[str, Any]) -> str:
    try:
        keywords = json.dumps({**checkup.keywords, **changes})
    except TypeError:
        raise Unchecked("its keywords cannot be given to another process") from None
    name = checkup.name or checkup.spec.id
    command = [sys.executable, "-m", "envs.commands.trajectory", name, "5", str(checkup.moves), keywords]
    place = os.pathsep.join(path for path in sys.path if path)
    settings = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": place}
    done = subprocess.run(command, env=settings, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode == NOT_FOUND:
        raise Unchecked(
            f"another process does not find {name!r}; write it as package:Id-v0, of the package that registers it"
        )
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no word"])[-1]
        raise Broken(f"another process with hash seed {hash_seed}: {last}")
    return done.stdout.strip().splitlines()[-1]


def leaves_nothing_behind(checkup: Checkup) -> str:
    """Made, used and closed, it leaves no process, thread or open file."""
    counts = []
    for _ in range(3):
        with checkup.opened() as env:
            env.reset(seed=0)
            env.step(env.action_space.sample())
        counts.append(holdings())
    grown = {name: (counts[0][name], counts[-1][name]) for name in counts[0] if counts[-1][name] > counts[0][name]}
    if grown:
        raise Broken(", ".join(f"{name}: {before} became {after}" for name, (before, after) in grown.items()))
    return ", ".join(f"{count} {name}" for name, count in counts[-1].items())


def holdings() -> dict[str, int]:
    """What this process holds."""
    found = {"threads": threading.active_count()}
    process = Path("/proc/self")
    if process.exists():
        found["files"] = len(list((process / "fd").iterdir())) - 1  # one is open to look
        tasks = (process / "task").iterdir()
        found["processes"] = sum(len((task / "children").read_text().split()) for task in tasks)
    return found


def told(env: gymnasium.Env[Any, Any], name: str) -> Callable[[], Any]:
    """A method by which an environment helps the checker."""
    found = getattr(env.unwrapped, name, None)
    if found is None:
        raise Unchecked(f"it has no {name}()")
    return found  # type: ignore[no-any-return]


def episode(seed: int, options: dict[str, Any]) -> str:
    """An episode's name in a finding."""
    return " ".join([f"seed {seed}", *(f"{name} {value}" for name, value in options.items())])


CHECKS: dict[str, Callable[[Checkup], str]] = {
    "gymnasium's own checker": gymnasium_agrees,
    "can be written as JSON": can_be_written_down,
    "survives garbage": survives_garbage,
    "the oracle earns the most": oracle_earns_the_most,
    "doing nothing earns less": idleness_earns_the_least,
    "cheating does not pay": cheating_does_not_pay,
    "same seed, same bytes": is_reproducible,
    "leaves nothing behind": leaves_nothing_behind,
}
"""Name -> check: returns what it saw, raises `Broken` or `Unchecked`."""
