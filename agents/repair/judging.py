"""Asks the sandbox without blocking, and says what a program passes.

Promises: many problems share one sandbox and none waits in its thread; at most `executions` batches of
questions are in the sandbox at a time. Faults of the machine are raised, never counted as failed cases.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from envs.asking import Asking
from envs.problems import Case, Problem
from envs.problems.running import limits, program_of
from envs.repair.patience import judged, marks
from envs.repair.rewards import Marks
from sandbox import CodeTests, Report, Sandbox, SandboxFault

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Score:
    """How many cases pass."""

    passed: int
    total: int

    @property
    def share(self) -> float:
        return self.passed / self.total if self.total else 0.0

    @property
    def whole(self) -> bool:
        """Whether there are cases and all pass."""
        return 0 < self.total == self.passed

    def __str__(self) -> str:
        return f"{self.passed}/{self.total}"


class Court:
    """The sandbox, as many problems at once may ask it."""

    def __init__(self, box: Sandbox, executions: int) -> None:
        self.box = box
        self._turns = asyncio.Semaphore(executions)

    async def settle(self, asking: Asking[T]) -> T:
        """The result of an asking (see `envs.asking`)."""
        answers: Any = None
        try:
            asks = next(asking)
            while True:
                try:
                    async with self._turns:
                        answers = await asyncio.gather(*(asyncio.wrap_future(ask.put(self.box)) for ask in asks))
                except SandboxFault as fault:
                    asks = asking.throw(fault)
                else:
                    asks = asking.send(list(answers))
        except StopIteration as end:
            result: T = end.value
            return result

    async def try_out(
        self, problem: Problem, source: str, shown: Sequence[Case], weights: Sequence[float], trace: bool
    ) -> tuple[Report, Marks]:
        """What a program makes of the tests that it is repaired by, and of the cases that pick the best one."""
        report, picked = await self.settle(judged(problem, source, shown, problem.selection, trace=trace))
        return report, Marks(marks(report), marks(picked), tuple(weights))

    async def score(self, problem: Problem, source: str) -> Score:
        """How many hidden cases a program passes; all of them count, whichever fails first."""
        [report] = await self.settle(judged(problem, source, problem.hidden))
        passed, total = report.passed, report.total
        if problem.test_code:
            tests = [CodeTests(problem.test_code, problem.test_prelude)]
            found = await asyncio.wrap_future(
                self.box.submit(program_of(problem, source), tests, limits=limits(problem))
            )
            passed, total = passed + found.passed, total + found.total
        return Score(passed, total)

    async def score_all(self, problem: Problem, source: str) -> Score:
        """How many of all cases a program passes, whatever their role."""
        cases = [*problem.visible, *problem.selection, *problem.hidden]
        [report] = await self.settle(judged(problem, source, cases))
        return Score(report.passed, report.total)
