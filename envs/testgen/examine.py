"""What an agent's test is worth: is it one, is it right, and does the program fail it?

Promises: a test is right only if its input is allowed, all references answer it and agree, and the answer that it
claims passes for theirs. Nothing that an agent writes makes this raise. Reasons are sentences for the agent; they
never say the right answer.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

from envs.asking import Asking
from envs.judging import Right, accepted, output_of, passes, right_answers, run
from envs.problems import Case, Problem
from envs.problems.inputs import Input
from envs.problems.plain import key
from envs.text import NO_ANSWER, Misread, TestCase, clip, literal, read_test, without_addresses
from sandbox import Outcome
from sandbox.inside import plain

ANSWERS = ("agent", "references")
"""Who says the answer: the agent, or (the agent giving an input alone) the references."""
LONGEST_ANSWER = 400
"""Characters of a program's answer that an agent is shown."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A test and what came of it."""

    test: TestCase | None = None
    """None when there was none to read."""
    refusal: str = ""
    """Why there is no test, or why its input is not allowed."""
    case: Case | None = None
    """The input with its right answer, where it is allowed."""
    correct: bool = False
    """Whether it is a right test that was not given before."""
    exposes: bool = False
    """Whether the input makes the program go wrong, whatever answer was claimed."""
    did: str = ""
    """What the program did, in words."""

    @property
    def attacks(self) -> bool:
        """Whether it is right and exposes the program."""
        return self.correct and self.exposes

    @property
    def told(self) -> str:
        """What the agent is told."""
        if self.test is None:
            return sentence(f"No test was read: {self.refusal}")
        if self.refusal:
            return sentence(f"The test does not count: {self.refusal}")
        if not self.correct:
            return "The answer that the test expects is wrong."
        if not self.exposes:
            return "The test is right, but the program passes it."
        return sentence(f"The test is right, and the program fails it: {self.did}")


def sentence(text: str) -> str:
    """The text with a full stop at its end, however it was punctuated."""
    return text.rstrip(" \n.:;,") + "."


def examine(
    problem: Problem, program: str, action: str, answer: str = "agent", before: Collection[str] = ()
) -> Asking[Examined]:
    """Examines the test that an action says; `before` holds the `input_key`s of right tests given before."""
    test = read_test(action, problem.kind, problem.entry, problem.signature, answer_needed=answer == "agent")
    if isinstance(test, Misread):
        return Examined(refusal=test.reason)
    [right] = yield from right_answers(problem, [test.args])
    if right.refusal:
        return Examined(test, right.refusal)
    if input_key(right.args, problem.kind) in before:
        return Examined(test, "a right test with this input was given before", right.case)
    correct = answer == "references" or (
        test.expected is not NO_ANSWER and (yield from accepted(problem, right, test.expected))
    )
    return (yield from _tried(problem, program, test, right, correct))


def input_key(args: Input, kind: str) -> str:
    """What is the same for inputs of one test: for scripts, white space at the end of lines does not count."""
    if kind == "stdin":
        return "\n".join(line.rstrip() for line in args[0].split("\n")).rstrip()  # lines as grammars read them
    return key(args)


def _tried(problem: Problem, program: str, test: TestCase, right: Right, correct: bool) -> Asking[Examined]:
    """The test with what the program does on it."""
    [[outcome]] = yield [run(problem, program, [right.args])]
    passed = yield from passes(problem, right.case, outcome)
    return Examined(test, "", right.case, correct, not passed, what_it_did(problem, outcome))


def what_it_did(problem: Problem, outcome: Outcome) -> str:
    """What a program did on an input, as an agent is told."""
    if outcome.failure is not None:
        why = f"{outcome.failure.value}: {outcome.error}" if outcome.error else outcome.failure.value
        return f"it ended with {clip(without_addresses(why), LONGEST_ANSWER)}"
    try:
        value = output_of(problem, outcome)
    except plain.NotPlain:
        return "its answer was not plain data"
    text = json.dumps(value[: 2 * LONGEST_ANSWER], ensure_ascii=False) if problem.kind == "stdin" else literal(value)
    return f"it answered {clip(without_addresses(text), LONGEST_ANSWER)}"
