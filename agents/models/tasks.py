"""What a prompt is about, as data: for the embedded models, which cannot read.

`Prompt(messages, task)` carries one of these beside its text. Models that read never see it.

Promises: plain records. Does not promise that a task says the same as the messages beside it: whoever makes a
prompt makes both from the same things.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from envs.problems import Problem

if TYPE_CHECKING:
    from envs.repairer.patient import Patient

PLAN, WRITE, ANSWER = "plan", "write", "answer"
"""The steps of test generation: say what to test; write a test; say what a program should answer to an input."""


@dataclass(frozen=True)
class RepairTask:
    """Repair a program."""

    patient: Patient
    """What a repairer may know."""
    strategy: str = "default"
    problem: Problem | None = None
    """For the simulated repairers alone, which look their answer up in it."""


@dataclass(frozen=True)
class TestTask:
    """One step of writing tests."""

    __test__: ClassVar[bool] = False
    """Not a class of tests: pytest would collect it by its name."""

    problem: Problem
    step: str
    """plan, write or answer."""
    category: str = "basic"
    """For write: what the input should probe."""
    args: tuple[Any, ...] | None = None
    """For answer: the input."""
    code: str = ""
    """For write: a program that the test should expose."""
    known: frozenset[str] = field(default_factory=frozenset)
    """For write: keys (`envs.problems.plain.key`) of inputs that there are already."""
    wanted: dict[str, int] = field(default_factory=dict)
    """For plan: category -> how many tests."""
