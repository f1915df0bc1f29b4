"""Trying many candidates cheaply: one process of the sandbox for all, one call for each.

Promises: expected answers never enter the sandbox; a candidate that hangs, crashes or cheats harms only itself and,
at worst, the other candidates of its process, whose results are a filter and never a verdict: whoever keeps a
candidate has it judged in the sandbox's own way first. The same candidates get the same marks on every machine, but
for those near the CPU limit. Does not promise a `Checker`'s opinion: problems that have one are judged one by one.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from envs.asking import Ask, Asking, Judge, Run
from envs.problems.cases import Case
from envs.repairer.patient import Patient, asked
from sandbox import Call, Comparison, Limits, Outcome, Program, Stdin, Verdict
from sandbox.compare import Checker, Exact, Lines
from sandbox.inside import plain

TICKS = 5_000
"""What a candidate may do on one input at least, in rounds of loops and starts of functions."""
PATIENCE = 30
"""A candidate may take so many times the ticks of the program it comes from."""
CPU_S = 0.5
"""CPU seconds for a candidate, a guard against work that ticks cannot see."""
LONG_CPU_S = 2.0
"""The same with all patience."""
ANSWERED, FAILED, ENDLESS = ENDINGS = (0, 1, 2)
"""How a run ends, in the words of inside.py."""
PROCESS, SLOW_PROCESS = 50, 4
"""Candidates that share a process; those that may take long."""


@cache
def inside_text() -> str:
    """The text of inside.py without its doc strings, for the sandbox."""
    tree = ast.parse(files("envs.repairer").joinpath("inside.py").read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:]
    return ast.unparse(tree)


@dataclass(frozen=True)
class Exam:
    """The cases that candidates are tried on, in order."""

    entry: str
    cases: tuple[Case, ...]
    compare: Comparison
    limits: Limits
    ticks: int = TICKS
    cpu_s: float = CPU_S
    """CPU seconds for a candidate on all cases."""
    inputs: list[tuple[Any, ...]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "inputs", [tuple(case.args) for case in self.cases])

    @staticmethod
    def of(patient: Patient, cases: Sequence[Case], ticks: int = TICKS, patience: int = 1) -> Exam:
        """The exam of a patient on some of its cases; with more patience candidates get so many times as long."""
        compare = patient.compare or (Exact() if patient.entry else Lines())
        cpu_s = min(patience * min(CPU_S, patient.limits.cpu_s), LONG_CPU_S)
        return Exam(patient.entry, tuple(cases), compare, patient.limits, patience * ticks, cpu_s)

    def marks(self, outcome: Outcome) -> tuple[bool, ...]:
        """Which cases a candidate passed."""
        found = [
            how == ANSWERED and self.right(case, value)
            for case, (how, value) in zip(self.cases, endings(outcome), strict=False)
        ]
        return (*found, *[False] * (len(self.cases) - len(found)))

    def right(self, case: Case, value: Any) -> bool:
        """Whether a value is the right answer to a case."""
        if not self.entry:
            outcome = Outcome(None, stdout=value) if isinstance(value, str) else Outcome(Verdict.INVALID)
            return outcome.failure is None and self.compare.matches(
                Stdin(case.args[0], expected=case.expected), outcome
            )
        return self.compare.matches(Call(case.args, expected=case.expected), Outcome(None, answer=plain.encode(value)))


def tried(exam: Exam, sources: Sequence[str]) -> Asking[list[tuple[bool, ...]]]:
    """Which cases of the exam each candidate passes."""
    if not sources or not exam.cases:
        return [() for _ in sources]
    if isinstance(exam.compare, Checker):
        reports = yield [judged(exam, source) for source in sources]
        return [tuple(verdict is Verdict.PASS for verdict in report.verdicts) for report in reports]
    return [exam.marks(outcome) for outcome in (yield from outcomes(exam, sources))]


def outcomes(exam: Exam, sources: Sequence[str], whole: bool = False) -> Asking[list[Outcome]]:
    """What each candidate does on the cases of an exam, several candidates in a process."""
    size = PROCESS if exam.cpu_s <= CPU_S else SLOW_PROCESS
    answers = yield [run(exam, sources[first : first + size], whole) for first in range(0, len(sources), size)]
    return [outcome for group in answers for outcome in group]


def endings(outcome: Outcome) -> Iterator[tuple[int, Any]]:
    """How each run of a candidate ended, with its answer, as far as its process says so in the way of inside.py."""
    found = told(outcome)
    for row in found if isinstance(found, list) else ():
        if not isinstance(row, list) or len(row) != 3 or row[0] not in ENDINGS:
            return
        yield row[0], row[1]


def told(outcome: Outcome) -> Any:
    """What a process says of a call, None for nothing; it belongs to the candidates, so it may say anything."""
    try:
        return outcome.value if outcome.failure is None else None
    except plain.NotPlain:
        return None


def run(exam: Exam, sources: Sequence[str], whole: bool = False) -> Ask:
    """Asks what candidates do on the cases of an exam, all in one process: on all, or up to the first unanswered."""
    calls = [Call((source, exam.entry, exam.inputs, exam.ticks, whole)) for source in sources]
    few = Limits(cpu_s=exam.cpu_s, memory_mb=exam.limits.memory_mb, output_mb=exam.limits.output_mb)
    return Run(Program(inside_text(), "trial"), calls, few, isolation="program")


def judged(exam: Exam, source: str, trace: bool = False) -> Judge:
    """Asks for the sandbox's own verdict on a candidate, each case in a process of its own."""
    cases = asked(exam.entry, exam.cases)
    return Judge(Program(source, exam.entry or None), cases, exam.compare, exam.limits, trace=trace)
