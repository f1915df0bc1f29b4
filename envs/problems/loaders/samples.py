"""Records of data sets that are no problems to solve: what a program returns, what a test expects, how to
mend a program.

Promises: plain frozen data with an `id`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from envs.problems.cases import Case


@dataclass(frozen=True, slots=True)
class SelfRepair:
    """Programs for a question and what their judge said."""

    id: str
    statement: str
    programs: tuple[str, ...]
    """What a model wrote."""
    passed: tuple[bool, ...]
    """Whether each program passed; empty when nobody says."""
    judged: tuple[str, ...]
    """What the judge said of each, as JSON or plain text; empty when nothing."""


@dataclass(frozen=True, slots=True)
class OutputPrediction:
    """A question and a test whose answer is to be predicted."""

    id: str
    statement: str
    entry: str
    """The function that the test calls."""
    starter_code: str
    cases: tuple[Case, ...]
    """The input, and the answer to be found."""
    contest_date: str = ""


@dataclass(frozen=True, slots=True)
class Execution:
    """A program and a call whose value is to be predicted."""

    id: str
    source: str
    entry: str
    """The function that is called."""
    call: str
    """The call, as Python text."""
    expected: Any
    """The value it returns."""
    steps: int
    """How many steps the data set counted; 0 when it does not say."""
    contest_date: str = ""


Sample = SelfRepair | OutputPrediction | Execution
"""A record that is no problem."""
