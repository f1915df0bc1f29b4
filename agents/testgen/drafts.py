"""A suite in the making.

Promises: no input twice; every test that was looked at ends either among the tests or among the rejections, with the
reason. Does not promise an order beyond that in which things were added.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from agents.models import Reply
from agents.testgen.edges import declared_kinds
from agents.testgen.suite import EDGE, GeneratedTest, Rejection, Spending
from agents.testgen.votes import Calibration, Tally
from envs.problems import Problem
from envs.problems.inputs import Input, input_faults
from envs.problems.plain import key
from envs.text import Misread, TestCase, clip, read_test
from sandbox import Sandbox

_ELLIPSIS = re.compile(r"\.\.\.|\u2026")


@dataclass
class Draft:
    """What there is so far for one problem."""

    problem: Problem
    code: str = ""
    """The program that the tests should expose, if any."""
    box: Sandbox | None = None
    """Runs the problem's own validator."""
    tests: list[GeneratedTest] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    """Keys of all inputs that were taken up, whatever became of them."""
    mandatory: set[str] = field(default_factory=set)
    """Keys of the inputs that the suite must have."""
    rungs: list[str] = field(default_factory=list)
    spending: Spending = field(default_factory=Spending)
    simulated: bool = False
    faults: int = 0

    def pay(self, replies: Sequence[Reply]) -> None:
        """Counts replies."""
        self.spending = self.spending.plus(replies)
        self.simulated = self.simulated or any(reply.simulated for reply in replies)

    def read(self, reply: Reply, category: str, intent: str) -> GeneratedTest | str:
        """The test that a reply holds, or the reason why it cannot be taken, which is noted."""
        problem = self.problem
        found = read_test(reply.text, problem.kind, problem.entry, problem.signature)
        if isinstance(found, Misread):
            return self.reject("unreadable", found.reason)
        if leaves_out(problem, found):
            return self.reject("unreadable", "it leaves a part out with `...`; write every value in full")
        strange = text_for_value(problem, found)
        if strange:
            return self.reject("unreadable", strange)
        test = GeneratedTest(found.args, found.expected, category, intent)
        if key(found.args) in self.known:
            return self.reject("duplicate", "there is a test or an example with this input already; take another", test)
        fault = self.fault(found.args)
        if fault:
            return self.reject("not allowed", f"the problem does not allow this input: {fault}", test)
        self.known.add(key(found.args))
        return test

    def fault(self, args: Input) -> str | None:
        """Why the problem does not allow an input, as far as it says what it allows."""
        problem = self.problem
        if not problem.grammar or "grammar" in problem.unproved or (problem.validator and self.box is None):
            return None
        return input_faults(problem, [args], self.box)[0]

    def reject(self, reason: str, detail: str = "", test: GeneratedTest | None = None) -> str:
        """Notes a rejection; gives the detail back, for the model to hear."""
        self.rejections.append(Rejection(reason, detail, test))
        return detail

    def decide(self, test: GeneratedTest, result: Tally, threshold: float, calibration: Calibration) -> None:
        """Takes a test with the answer that its votes agree on, or turns it down."""
        votes, agreeing = max(result.votes, 1), max(result.agreeing, 0)
        confidence = calibration.confidence(votes, agreeing)
        origin = EDGE if key(test.args) in self.mandatory else test.origin
        voted = replace(
            test,
            expected=result.value,
            first=result.first,
            origin=origin,
            votes=votes,
            agreeing=agreeing,
            confidence=round(confidence, 4),
        )
        agreed = result.passes(threshold) if votes > 1 else agreeing == 1 and confidence >= threshold
        if agreed:
            self.tests.append(voted)
        else:
            tie = ", as many as for another" if result.tied else ""
            self.reject("no agreement", f"{agreeing} of {votes} answers agree{tie}", voted)


def leaves_out(problem: Problem, test: TestCase) -> bool:
    """Whether a text in the test has an ellipsis, in a problem that shows none."""
    if any(_ELLIPSIS.search(text) for case in problem.visible for text in _texts((case.args, case.expected))):
        return False
    return any(_ELLIPSIS.search(text) for text in _texts((test.args, test.expected)))


def text_for_value(problem: Problem, test: TestCase) -> str:
    """What is wrong with a test that writes a text (code, often) where the signature declares something else."""
    for value, (kind, declared) in zip(test.args, declared_kinds(problem), strict=False):
        if declared and value is not None and isinstance(value, str) != (kind == "str"):
            return f"{clip(repr(value), 60)} is not of the declared type {kind}; write the value itself, not code"
    return ""


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for pair in value.items() for text in _texts(pair)]
    if isinstance(value, list | tuple | set | frozenset):
        return [text for item in value for text in _texts(item)]
    return []
