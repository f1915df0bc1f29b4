"""`bench`: steps per second of environments, alone and in vectors, and how much of a step is spent outside the sandbox.

The sandbox is opened without its cache, so that every program is really run, and episodes begin anew whenever one
ends, as in training. The actions are half the oracle's and half a player's who knows no better. "Outside" is the
share of the time of steps and resets in which the caller's thread did not wait for the sandbox. A first step, in which
workers may have to start, does not count.

Promises: `--json` prints one object: `envs.ID.single_steps_per_s`, `vector_steps_per_s`, `outside_sandbox_share`,
with the number of members and workers beside them. Does not promise the same figures on another machine, or twice.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from typing import Any

import gymnasium
import numpy as np
from gymnasium.envs.registration import EnvSpec

from envs.asking import waited_s
from envs.boxes import cores
from envs.commands.choose import accepts, add_keywords, find_spec, given_keywords
from envs.keywords import whole_number
from envs.problems import Case
from envs.registration import ENTRY_POINTS
from envs.testgen.bugs import pool_of
from envs.text import describe_case
from sandbox import Sandbox, open_sandbox

HELP = "measure steps per second, alone and in vectors"
EXAMPLE = "Repair-v0 --seconds 5"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.add_argument("ids", metavar="ID", nargs="*", help="an id (default: all of ours)")
    parser.add_argument("--seconds", type=float, default=20.0, help="wall time of each figure (default: 20)")
    parser.add_argument("--members", type=int, default=32, help="members of the vector (default: 32)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_keywords(parser)


def run(args: argparse.Namespace) -> int:
    """Measures all, and prints."""
    keywords = given_keywords(args)
    if not 0 < args.seconds < math.inf:
        raise ValueError(f"--seconds {args.seconds}: is no time to measure in; give more than 0, such as 20")
    whole_number("--members", args.members)
    names = list(args.ids or ENTRY_POINTS)
    for name in names:
        if not accepts(find_spec(name), "sandbox"):
            raise ValueError(f"{name}: takes no sandbox, so no share of time outside it can be measured")
    found: dict[str, dict[str, float]] = {}
    with open_sandbox(keywords.pop("sandbox", "auto"), workers=cores(), cache_mb=0) as box:
        for name in names:
            found[name] = measured(name, box, args.seconds, args.members, keywords)
            if not args.json:
                print(name, *(f"{key}={value:.3g}" for key, value in found[name].items()), flush=True)
    if args.json:
        print(json.dumps({"envs": found, "workers": cores(), "members": args.members}, indent=2))
    return 0


def measured(name: str, box: Sandbox, seconds: float, members: int, keywords: dict[str, Any]) -> dict[str, float]:
    """The three figures of an environment."""
    spec = find_spec(name)
    alone, outside = pace(_vector(spec, 1, box, keywords), box, seconds)
    together, _ = pace(_vector(spec, members, box, keywords), box, seconds)
    return {
        "single_steps_per_s": round(alone, 2),
        "vector_steps_per_s": round(together, 2),
        "outside_sandbox_share": round(outside, 3),
    }


def _vector(spec: EnvSpec, members: int, box: Sandbox, keywords: dict[str, Any]) -> Any:
    try:
        return gymnasium.make_vec(spec.id, num_envs=members, **keywords, sandbox=box, autoreset_mode="SameStep")
    except TypeError as error:
        raise ValueError(f"{spec.id}: {error}") from error


def pace(vector: Any, box: Sandbox, seconds: float) -> tuple[float, float]:
    """Steps per second, and the share of the time that was spent outside the sandbox."""
    rng = np.random.default_rng(0)
    vector.reset(seed=0)
    _timed_step(vector, box, rng)  # starts the workers
    steps, spent, waited = 0, 0.0, 0.0
    while spent < seconds:
        took, asleep = _timed_step(vector, box, rng)
        spent += took
        waited += asleep
        steps += vector.num_envs
    vector.close()
    return steps / spent, 1 - waited / spent


def _timed_step(vector: Any, box: Sandbox, rng: np.random.Generator) -> tuple[float, float]:
    """How long a step took, and how much of that it waited for the sandbox."""
    moves = [_move(member, box, rng) for member in vector.members]
    before, began = waited_s(), time.perf_counter()
    vector.step(_batch(vector, moves))
    return time.perf_counter() - began, waited_s() - before


def _batch(vector: Any, moves: list[Any]) -> Any:
    if isinstance(vector.single_action_space, gymnasium.spaces.Discrete):
        return np.array(moves)
    return tuple(moves)


def _move(member: Any, box: Sandbox, rng: np.random.Generator) -> Any:
    """An action as they come in training: the oracle's, or a wrong program, or a test with a wrong answer."""
    if rng.random() < 0.5 and hasattr(member, "oracle_action"):
        return member.oracle_action()
    task = member.observation().get("task")
    if task is None:
        return member.action_space.sample()
    pool = pool_of(member.problem, box)
    if task == "testgen":
        args = pool.inputs[int(rng.integers(len(pool.inputs)))]
        return describe_case(Case(args, ""), member.problem.kind, member.problem.entry)
    return pool.bugs[int(rng.integers(len(pool.bugs)))].source
