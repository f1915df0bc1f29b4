"""A trajectory as a fingerprint: what was seen and earned for the same seed and actions, down to the last byte.

`python -m envs.commands.trajectory ID SEED STEPS KEYWORDS` prints the fingerprint, so that other processes can be
asked for theirs; exit code 4 when there is no such id.

Promises: observations, rewards, ends and infos all count, arrays by their values; equal trajectories have equal
fingerprints in every process. Does not promise to compare what an environment keeps to itself.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import gymnasium
import numpy as np

from envs.commands.choose import find_spec

NOT_FOUND = 4
"""The exit code of a process that does not know the id."""


def plain(value: Any) -> Any:
    """The value in JSON's own types, exact to the last bit."""
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in sorted(value.items(), key=lambda pair: str(pair[0]))}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(each) for each in value), key=repr)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return repr(value)


def fingerprint(trajectory: Iterable[Any]) -> str:
    """The SHA-256 of a trajectory."""
    found = hashlib.sha256()
    for each in trajectory:
        found.update(json.dumps(plain(each), sort_keys=True).encode("utf-8", "surrogatepass") + b"\n")
    return found.hexdigest()


def walked(env: gymnasium.Env[Any, Any], seed: int, steps: int) -> list[Any]:
    """What an environment does on actions that the seed decides, some of them its own oracle's."""
    env.action_space.seed(seed)
    found: list[Any] = [env.reset(seed=seed)]
    choose = np.random.default_rng(seed)
    for _ in range(steps):
        step = env.step(_action(env, int(choose.integers(4))))
        found.append(step)
        if step[2] or step[3]:
            found.append(env.reset())
    return found


def _action(env: gymnasium.Env[Any, Any], kind: int) -> Any:
    for number, name in enumerate(("oracle_action", "noop_action")):
        if kind == number and hasattr(env.unwrapped, name):
            return getattr(env.unwrapped, name)()
    return env.action_space.sample()


def main(name: str, seed: str, steps: str, keywords: str) -> None:
    """Prints the fingerprint of one walk."""
    try:
        spec = find_spec(name)
    except ValueError as error:
        print(error, file=sys.stderr)
        sys.exit(NOT_FOUND)
    env = gymnasium.make(spec.id, **json.loads(keywords))
    print(fingerprint(walked(env, int(seed), int(steps))))
    env.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
