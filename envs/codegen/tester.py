"""The other side: a tester, whose tests a wrong program must pass.

Promises: whatever a tester proposes counts only if its input is allowed and the answer it claims is right; where it
claims none the references answer. Inputs that come twice count once. A tester of whom nothing is right leaves the
problem's visible cases as tests. Does not promise the number of tests that was asked for, nor any at all where a
problem has no such case either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle, islice
from random import Random
from typing import Protocol

from envs.asking import Asking, Run, proposals
from envs.judging import Right, accepted, right_answers
from envs.problems import Case, Problem
from envs.problems.grammar import CATEGORIES
from envs.problems.inputs import Input
from envs.problems.plain import key
from envs.problems.running import limits
from envs.text import NO_ANSWER, TestCase
from sandbox import Call, Program

SPARE = 2
"""Inputs drawn for each test: some come twice."""

_DRAW = """

def _draw(seed, categories):
    import random

    rng = random.Random(seed)
    return [sample(rng, category) for category in categories]
"""


Proposed = Asking[Sequence[TestCase | Case]] | Sequence[TestCase | Case]


class Tester(Protocol):
    """Whoever writes tests: the input grammar, a language model, a checkpoint, a script."""

    def propose(self, problem: Problem, count: int, rng: Random) -> Proposed:
        """About `count` tests, with or without answers: a list, or an asking that returns one. One that stands for an
        independent tester uses no more of the problem than its statement, signature and visible cases.
        """
        ...


class GrammarTester:
    """The embedded tester: inputs of the problem's own grammar or sampler, all categories in turn."""

    def propose(self, problem: Problem, count: int, rng: Random) -> Asking[Sequence[TestCase | Case]]:
        """Inputs without answers; of a problem without a grammar, some of its own cases that are not hidden."""
        categories = list(islice(cycle(CATEGORIES), SPARE * count))
        if problem.sampler:
            inputs = yield from _sampled(problem, categories, rng)
        elif problem.grammar:
            inputs = [problem.inputs.draw(rng, category) for category in categories]
        else:
            known = [*problem.visible, *problem.selection]
            return rng.sample(known, min(count, len(known)))
        return [TestCase(args) for args in inputs]


class ScriptedTester:
    """Proposes what it was given: for checks, and for tests that somebody wrote before."""

    def __init__(self, tests: Mapping[str, Sequence[TestCase | Case]]) -> None:
        self.tests = tests

    def propose(self, problem: Problem, count: int, rng: Random) -> Asking[Sequence[TestCase | Case]]:
        """The tests for the problem, in order."""
        yield from ()
        return self.tests.get(problem.id, ())


def _sampled(problem: Problem, categories: Sequence[str], rng: Random) -> Asking[list[Input]]:
    """What the problem's sampler draws."""
    call = Call((rng.getrandbits(62), list(categories)))
    [[outcome]] = yield [Run(Program(problem.sampler + _DRAW, "_draw"), [call], limits(problem))]
    if outcome.failure is not None or not isinstance(outcome.value, list):
        raise ValueError(f"{problem.id}: sampler: failed ({outcome.error or outcome.failure}); prove the problem first")
    return [(args,) if isinstance(args, str) else tuple(args) for args in outcome.value]


def right_tests(tester: Tester, problem: Problem, count: int, rng: Random) -> Asking[tuple[list[Case], int]]:
    """Up to `count` right tests of a tester, and how many of those that were looked at were not right."""
    proposed = yield from proposals("tester", tester.propose(problem, count, rng), (TestCase, Case))
    waiting = list({key(test.args): test for test in reversed(proposed)}.values())[::-1]
    cases: list[Case] = []
    looked_at = 0
    while len(cases) < count and waiting:
        some, waiting = waiting[: count - len(cases)], waiting[count - len(cases) :]
        rights = yield from right_answers(problem, [test.args for test in some])
        for test, right in zip(some, rights, strict=True):
            if (yield from _is_right(problem, test, right)):
                cases.append(right.case)
        looked_at += len(some)
    return cases or list(problem.visible or problem.selection), looked_at - len(cases)


def _is_right(problem: Problem, test: TestCase | Case, right: Right) -> Asking[bool]:
    if right.refusal or test.expected is NO_ANSWER:
        return not right.refusal
    return (yield from accepted(problem, right, test.expected))
