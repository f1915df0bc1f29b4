"""The tests that a repairing agent sees: the problem's visible cases, or tests that somebody generated.

Promises: nothing of the selection and hidden splits is shown. Tests drawn here are inputs of the problem's own
grammar with the answers of its references, all categories in turn, the same for the same seed. Tests that the caller
gives are taken as they are, wrong ones included: each may carry a confidence, which weighs it in the rewards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from random import Random
from typing import Any

from envs.asking import Asking
from envs.judging import own_inputs, right_answers
from envs.keywords import one_of, whole_number
from envs.problems import Case, Problem
from envs.problems.grammar import CATEGORIES
from envs.problems.inputs import Input, draw_inputs
from envs.problems.plain import key
from sandbox import Sandbox

FEEDBACK = ("visible", "tests")
DRAWN = 12
"""How many tests are drawn when nobody says."""

Given = Iterable[Any]
"""Tests of a problem: each a `Case` or `TestCase`, or a pair of one and its confidence."""
TestSource = int | Mapping[str, Given] | Callable[[Problem], Given]
"""How many tests to draw, or the tests themselves: by problem id, or asked for when an episode begins."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Tests, and the confidence in each."""

    cases: tuple[Case, ...]
    weights: tuple[float, ...]

    def with_more(self, cases: Sequence[Case]) -> Shown:
        """These and others, which are as sure as can be."""
        return Shown((*self.cases, *cases), (*self.weights, *[1.0] * len(cases)))


class ShownTests:
    """Where an environment's tests come from."""

    def __init__(self, feedback: str = "visible", tests: TestSource | None = None) -> None:
        one_of("feedback", feedback, FEEDBACK)
        if feedback == "visible" and tests is not None:
            raise ValueError("tests: are given, but the feedback is 'visible'; say feedback='tests' to have them used")
        self.source: TestSource | None = DRAWN if feedback == "tests" and tests is None else tests
        if isinstance(tests, int):
            whole_number("tests", tests)
        elif not (tests is None or isinstance(tests, Mapping) or callable(tests)):
            raise ValueError(f"tests: {tests!r}; give how many to draw, or the tests by problem, or a function")

    def ours(self, given: Given | None) -> bool:
        """Whether no caller says which tests are shown."""
        return given is None and (self.source is None or isinstance(self.source, int))

    def of(self, problem: Problem, given: Given | None, rng: Random, box: Sandbox) -> Asking[Shown]:
        """The tests of an episode; `given` are those of the reset itself."""
        if given is not None:
            return read(given)
        if self.source is None:
            return read(problem.visible)
        if isinstance(self.source, int):
            return (yield from _drawn(problem, self.source, rng, box))
        found = self.source(problem) if callable(self.source) else self.source.get(problem.id)
        if found is None:
            raise ValueError(f"tests: there are none for {problem.id}; give some, or leave the problem out")
        return read(found)


def read(given: Given) -> Shown:
    """The tests that a caller gave."""
    if not isinstance(given, Iterable):
        raise ValueError(f"tests: {given!r} is no list of tests; give one, such as [Case((1, 2), 3)]")
    cases: list[Case] = []
    weights: list[float] = []
    for place, each in enumerate(given):
        case, weight = each if isinstance(each, tuple) and len(each) == 2 else (each, 1.0)
        if not isinstance(weight, int | float) or not 0 <= weight <= 1:
            raise ValueError(f"tests: test {place} has confidence {weight!r}; give a number from 0 to 1")
        try:
            cases.append(case if isinstance(case, Case) else Case(tuple(case.args), case.expected))
        except (AttributeError, TypeError):
            raise ValueError(f"tests: test {place} is {str(each)[:60]!r}; give a Case, or (Case, confidence)") from None
        weights.append(float(weight))
    return Shown(tuple(cases), tuple(weights))


def _drawn(problem: Problem, count: int, rng: Random, box: Sandbox) -> Asking[Shown]:
    """Inputs of all categories in turn, none of them of the problem's own cases, with the answers of the references."""
    if not problem.references or not (problem.grammar or problem.sampler):
        raise ValueError(
            f"tests: {problem.id} has no grammar or no reference to draw tests from; give tests by problem"
        )
    seed = rng.getrandbits(62)
    piles = [[(args, name) for args in draw_inputs(problem, name, count, seed, box)] for name in CATEGORIES]
    mixed = (pair for pair in chain.from_iterable(zip_longest(*piles)) if pair is not None)
    known, different = own_inputs(problem), dict[str, tuple[Input, str]]()
    for args, name in mixed:
        if key(args) not in known:
            different.setdefault(key(args), (args, name))
    chosen = list(different.values())[:count]
    rights = yield from right_answers(problem, [args for args, _ in chosen])
    cases = [
        Case(right.args, right.value, name)
        for right, (_, name) in zip(rights, chosen, strict=True)
        if not right.refusal
    ]
    return _equal(cases)


def _equal(cases: Sequence[Case]) -> Shown:
    return Shown(tuple(cases), (1.0,) * len(cases))
