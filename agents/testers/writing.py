"""What a trained policy writes: tests of wrong programs, or wrong programs against tests, problem by problem.

Promises: the policy is asked as in training, in the environment of its task; the same policy, problems and seed give
the same texts. Does not promise that a text is a test or a program, nor that it is right.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from envs.problems import Problem
from envs.problems.bugs import choose_bugs, in_share, load_pool
from sandbox import Sandbox

AT_ONCE = 256
"""Texts that are written and judged together."""


def players_of(policy: Any, members: Sequence[Any], style: str, temperature: float, answer_ids: int) -> Any:
    """A policy that plays in some environments, in conversations as long as its model can read."""
    from agents.llm.engines import LocalEngine
    from agents.llm.episodes import TextTalk, Together
    from agents.llm.generate import Distribution
    from agents.llm.rollout import Limits, Players

    longest = getattr(policy.model.config.get_text_config(), "max_position_embeddings", None) or 2**17
    engine = LocalEngine(policy, Distribution(temperature))
    return Players(policy.chat, engine.sample, Together(members), TextTalk(style), Limits(answer_ids, longest))


def write_for(
    policy: Any,
    task: str,
    problems: Sequence[Problem],
    box: Sandbox,
    samples: int,
    temperature: float = 1.0,
    answer_ids: int = 64,
    style: str = "compact",
    share: str = "learn",
    seed: int = 0,
) -> dict[str, list[str]]:
    """Problem -> that many texts of a policy that writes tests ("testgen") or programs ("codegen").

    Tests are written for as many different bugs of the share; programs against as many draws of the grammar's tests.
    """
    rng = Random(f"write/{seed}")
    members = [_member(task, problems, box) for _ in range(min(AT_ONCE, samples * len(problems)))]
    players = players_of(policy, members, style, temperature, answer_ids)
    starts = [start for problem in problems for start in _starts(task, problem, box, samples, share, rng)]
    found: dict[str, list[str]] = {problem.id: [] for problem in problems}
    for first in range(0, len(starts), len(members)):
        episodes, _ = players.play(starts[first : first + len(members)], 1, rng.randrange(2**31))
        for episode in episodes:
            if not episode.fault:
                found[episode.start.options["problem"]].append(episode.transcript[-1]["content"])
    return found


def _member(task: str, problems: Sequence[Problem], box: Sandbox) -> Any:
    from envs.codegen.env import CodeGenAdversarialEnv
    from envs.testgen.env import TestGenEnv

    if task == "testgen":
        return TestGenEnv(problems=problems, sandbox=box)
    return CodeGenAdversarialEnv(attempts=1, problems=problems, sandbox=box)


def _starts(task: str, problem: Problem, box: Sandbox, samples: int, share: str, rng: Random) -> list[Any]:
    from agents.llm.episodes import Start

    options: Callable[[int], dict[str, str]] = lambda number: {"problem": problem.id}  # noqa: E731
    if task == "testgen":
        bugs = [bug for bug in load_pool(problem, box).bugs if in_share(bug, share)]
        chosen = choose_bugs(bugs, samples, f"write/{rng.random()}")
        if not chosen:
            return []
        options = lambda number: {"problem": problem.id, "bug": chosen[number % len(chosen)].id}  # noqa: E731
    return [Start(rng.randrange(2**31), options(number)) for number in range(samples)]
