"""What a repairer is given, what it gives back, and the protocol between them.

Promises: a patient holds no reference and no hidden case, so a repairer cannot see any. Does not promise that the
tests in it are right: whoever makes a patient answers for them.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from envs.asking import Asking, Judge
from envs.problems.cases import Case
from envs.problems.running import comparison, limits
from envs.problems.schema import KINDS, Problem
from sandbox import Call, Comparison, Limits, Program, Stdin

DEFAULT_LIMITS = Limits()


@dataclass
class Patient:
    """A program to be repaired, and all that may be known of it."""

    program: str
    """The program as it is now."""
    tests: Sequence[Case]
    """The cases that it should pass."""
    entry: str = ""
    """The callable that is judged; empty for a script that reads its input and prints."""
    selection: Sequence[Case] = ()
    """Cases that only choose among programs which pass the tests."""
    statement: str = ""
    """What the program is to do, in words."""
    signature: str = ""
    compare: Comparison | None = None
    """When an answer counts as right; None for the sandbox's own rule."""
    limits: Limits = DEFAULT_LIMITS
    tried: set[str] = field(default_factory=set)
    """Programs that were judged already; none is judged twice."""

    def __post_init__(self) -> None:
        if not isinstance(self.program, str):
            raise ValueError(f"Patient(program={self.program!r:.40}): is no text; read or decode it first")
        if not self.tests:
            raise ValueError("Patient(tests=[]): nothing says what the program should do; give at least one case")
        if self.entry and not all(part.isidentifier() for part in self.entry.split(".")):
            raise ValueError(f"Patient(entry={self.entry!r}): is not a name such as 'solve' or 'Solution.solve'")
        for case in () if self.entry else (*self.tests, *self.selection):
            if len(case.args) != 1 or not isinstance(case.args[0], str):
                hint = "a script reads one text; a function needs an entry"
                raise ValueError(f"Patient(entry=''): a case gives {case.args!r:.60}; {hint}")

    @property
    def kind(self) -> str:
        """function or stdin."""
        return KINDS[0] if self.entry else KINDS[1]

    def judge(self, source: str, cases: Sequence[Case]) -> Judge:
        """Asks which of these cases a program passes."""
        return Judge(Program(source, self.entry or None), asked(self.entry, cases), self.compare, self.limits)

    @staticmethod
    def of(problem: Problem, program: str, tests: Sequence[Case] | None = None) -> Patient:
        """A wrong program of a problem, with the problem's visible cases (or others) as tests."""
        return Patient(
            program=program,
            tests=problem.visible if tests is None else tests,
            entry=problem.entry,
            statement=problem.statement,
            signature=problem.signature,
            compare=comparison(problem),
            limits=limits(problem),
        )


def asked(entry: str, cases: Sequence[Case]) -> list[Call | Stdin]:
    """Cases as the sandbox takes them: calls of the entry, or what a script reads."""
    return [
        Call(case.args, expected=case.expected) if entry else Stdin(case.args[0], expected=case.expected)
        for case in cases
    ]


@dataclass(frozen=True)
class Attempt:
    """What one attempt came to."""

    source: str
    """The best program found; the old one when none is better."""
    tried: int
    """How many programs were judged."""
    passed: tuple[bool, ...]
    """Which of the tests the program passes."""
    note: str = ""
    """What was changed, for a reader."""

    @property
    def solved(self) -> bool:
        """Whether the program passes all tests."""
        return all(self.passed)


class Repairer(Protocol):
    """Carries out repair strategies."""

    def attempt(self, state: Patient, strategy: str, rng: random.Random) -> Asking[Attempt]:
        """One attempt at one strategy; the patient itself is only told which programs were tried."""
        ...
