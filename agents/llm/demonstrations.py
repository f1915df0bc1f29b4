"""Demonstrations for a tester that knows nothing yet: short tests with right answers, drawn from input
grammars.

Promises: only problems of the training families and only bugs that are not held out; every answer is what all
references agree on; the same seed gives the same demonstrations. The inputs are drawn without regard to the bug
that they stand beside: what exposes a bug is for reinforcement learning to find out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from envs import text
from envs.problems import Problem, load_suite
from envs.problems.bugs import Bug, held_out, load_pool
from envs.problems.grammar import CATEGORIES
from envs.problems.inputs import draw_inputs
from envs.problems.running import oracle
from sandbox import Sandbox

LONGEST, DRAWN = 90, 64
"""A demonstrated test has at most so many characters; so many are drawn for a problem at most."""


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What a tester is shown, and tests that it could answer with."""

    messages: list[dict[str, Any]]
    answers: tuple[str, ...]


def demonstrations(
    box: Sandbox, seed: int = 0, tests: int = 64, problems: Sequence[Problem] | None = None
) -> list[Demonstration]:
    """One for each bug that may be learnt from, each with all tests that were drawn for its problem."""
    found = []
    for problem in load_suite(split="train") if problems is None else problems:
        answers = drawn_tests(problem, box, seed, tests)
        bugs = [bug for bug in load_pool(problem, box).bugs if not held_out(bug)]
        found += [Demonstration(messages_for(problem, bug), answers) for bug in bugs if answers]
    return found


def messages_for(problem: Problem, bug: Bug) -> list[dict[str, Any]]:
    """What a tiny tester is told about a bug."""
    observation = {"task": "testgen", "problem": problem.statement, "signature": problem.signature, "code": bug.source}
    return [dict(message) for message in text.messages(observation, style="compact")]


def drawn_tests(problem: Problem, box: Sandbox, seed: int, most: int = 64, each: int = 60) -> tuple[str, ...]:
    """Up to so many short tests of all categories, with the answers of the references."""
    inputs = [args for category in CATEGORIES for args in draw_inputs(problem, category, each, seed, box)]
    shortest = sorted(inputs, key=lambda args: len(repr(args)))[: 2 * DRAWN]
    answers = oracle(problem, shortest, box)
    tests = {
        text.describe_case(text.TestCase(args, answer.value), problem.kind, problem.entry): None
        for args, answer in zip(shortest, answers, strict=True)
        if not answer.failed
    }
    short = [test for test in tests if len(test) <= LONGEST] or sorted(tests, key=len)[: DRAWN // 4]
    return tuple(Random(f"{seed}/{problem.id}").sample(short, min(DRAWN, len(short))))[:most]
