"""Repairs many programs at once, keeps each result the moment it is there, and goes on where a run was interrupted.

Promises: a finished problem is on the disk (fsync) before the next one is counted, and is never repaired again by
`resume`; one problem's failure ends that problem alone; a spent budget, a refused key or a full disk ends the run
cleanly, and so do many faults in a row, for then the server or the sandbox is gone. Problems that met a fault are
tried again by `resume`, and so are those that were cut short; what all tries together cost is in the record and in
the budget, whatever ended the run (`kill -9`, too), as long as the disk takes it. Does not promise that calls in
flight at an interruption are counted, or not paid for twice: what had arrived is in the cache of replies.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from agents.display import Display
from agents.models import Budget, BudgetSpent, ChatModel, KeyRefused, ModelError, closing
from agents.repair.loop import Kit, repaired
from agents.repair.metering import Account, Ledger, Spending, spending
from agents.repair.tasks import TESTS, Task
from agents.runs import RunDirectory, read_records
from sandbox import SandboxFault

log = logging.getLogger(__name__)

STREAK = 8
"""So many faults in a row, and no success between them, end a run (more when more problems run at once)."""
CHARGES = "charges.jsonl"
"""The file of the run with a line for each call of a model."""


@dataclass
class Team:
    """What works on the problems."""

    kit: Kit
    models: Sequence[ChatModel]
    budget: Budget
    at_once: int


class Campaign:
    """A run over some programs."""

    def __init__(self, tasks: Sequence[Task], run: RunDirectory, display: Display) -> None:
        self.tasks, self.run, self.display = tasks, run, display
        self.stopped = ""
        """Why the run ended early."""
        self._streak = 0
        self._writer = ThreadPoolExecutor(1)  # one thread: records and states reach the disk in their order
        self._begun: dict[str, tuple[Task, float, Spending]] = {}
        """What is being worked on or was cut short, since when, and what it took."""
        latest = run.latest()  # cuts off what was half written
        self.state: dict[str, Any] = latest[1] if latest else {}
        self._records = {record["id"]: record for record in read_records(run.path)}
        self._kept = latest[0] if latest else 0
        self._ledger = Ledger(run.file(CHARGES))

    @property
    def records(self) -> list[dict[str, Any]]:
        """What is known of each program, in the order of the tasks."""
        return [self._records[task.id] for task in self.tasks if task.id in self._records]

    async def work(self, team: Team) -> None:
        """Repairs what is not finished yet."""
        kit = team.kit
        if self.state:
            kit.policy.restore(self.state["policy"])
        team.budget.restore(self._ledger.spent(self.state.get("budget", {})))
        self._see(team)
        if killed := self._killed():
            self._write(killed, self.state)
        finished = {name for name, record in self._records.items() if record["status"] == "done"}
        waiting = iter([(place, task) for place, task in enumerate(self.tasks) if task.id not in finished])
        self.display.phase("repairing", len(self.tasks), len(finished & {task.id for task in self.tasks}))
        async with closing(*team.models):
            try:
                await self._all(waiting, team)
            finally:
                self._end(team)

    async def _all(self, waiting: Iterator[tuple[int, Task]], team: Team) -> None:
        at_once = min(team.at_once, len(self.tasks))
        workers = [asyncio.ensure_future(self._worker(waiting, team)) for _ in range(at_once)]
        try:
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)

    async def _worker(self, waiting: Iterator[tuple[int, Task]], team: Team) -> None:
        for place, task in waiting:
            record = await self._one(place, task, team)
            if record is not None:
                await self._keep(record, team)
            if self.stopped:
                return

    async def _one(self, place: int, task: Task, team: Team) -> dict[str, Any] | None:
        """The record of one problem; None when the whole run has to stop."""
        began, meter = time.monotonic() - self._taken_before(task), self._meter(task)
        self._begun[task.id] = task, began, meter
        spending.set(meter)
        record: dict[str, Any]
        try:
            record = await repaired(task, team.kit, place)
        except (BudgetSpent, KeyRefused) as end:
            self.stopped = self.stopped or str(end)
            return None
        except (ModelError, SandboxFault) as fault:
            record = _unjudged(task, "fault", str(fault))
        except OSError as error:
            if error.errno in (28, 122, 27):  # no space, quota, file too large: nothing more can be kept
                raise
            record = _unjudged(task, "fault", repr(error))
        except Exception as error:  # whatever it is, it is this problem's alone
            log.warning("%s: %r", task.id, error, exc_info=error)
            record = _unjudged(task, "error", f"{type(error).__name__}: {error}")
        return record | {"task": task.fingerprint} | _taken(began, meter)

    def _taken_before(self, task: Task) -> float:
        """The seconds of earlier tries of a problem."""
        earlier = self._records.get(task.id)
        return float(earlier["seconds"]) if earlier else 0.0

    def _meter(self, task: Task) -> Spending:
        """Counts what a problem takes, on top of what earlier tries of it took."""
        earlier = self._records.get(task.id)
        return Account(self._ledger, task.id, earlier["spending"] if earlier else {})

    def _killed(self) -> list[dict[str, Any]]:
        """The records of problems that took more than is recorded: they were in hand when the run was killed."""
        found = []
        for task in self.tasks:
            earlier, taken = self._records.get(task.id), self._ledger.spendings.get(task.id, Spending())
            if taken.replies > (earlier["spending"]["replies"] if earlier else 0):
                record = earlier or _unjudged(task, "stopped", "killed") | {"seconds": 0.0}
                found.append(record | {"spending": taken.as_json()})
        return found

    async def _keep(self, record: dict[str, Any], team: Team) -> None:
        """Writes a record, and where the run stands, to the disk; the other problems go on meanwhile."""
        self._streak = 0 if record["status"] == "done" else self._streak + 1
        if self._streak >= max(STREAK, 2 * team.at_once):
            self.stopped = f"{self._streak} problems in a row met a fault; the last: {record['fault']}"
        del self._begun[record["id"]]
        self._see(team)
        written = asyncio.get_running_loop().run_in_executor(self._writer, self._write, [record], self.state)
        await asyncio.shield(written)  # a run that ends meanwhile writes it all the same
        self.display.advance(note=self._note())

    def _see(self, team: Team) -> None:
        """Looks where the run stands."""
        self.state = {"policy": team.kit.policy.state(), "budget": team.budget.state()}

    def _end(self, team: Team) -> None:
        """Keeps what was spent on problems that were cut short; the policy stays as the last finished one left it."""
        self._writer.shutdown()
        why = self.stopped or "interrupted"
        cut = [
            _unjudged(task, "stopped", why) | _taken(began, meter)
            for task, began, meter in self._begun.values()
            if meter.replies
        ]
        self._write(cut, self.state | {"budget": team.budget.state()})

    def _write(self, records: Sequence[dict[str, Any]], state: dict[str, Any]) -> None:
        self._kept += 1
        for record in records:
            self.run.log({"kind": "repair", **record})
        self.run.checkpoint(self._kept, state)
        self._records |= {record["id"]: record for record in records}

    def _note(self) -> str:
        found = self.records
        solved = sum(bool(record.get("solved")) for record in found)
        faults = sum(record["status"] != "done" for record in found)
        cost = sum(record["spending"]["cost_usd"] for record in found)
        passing = sum(record.get("judged_by") == TESTS and record["solved"] is None for record in found)
        unhidden = f", {passing} pass their tests" if passing else ""
        return f"solved {solved}{unhidden}, ${cost:.4f}" + (f", faults {faults}" if faults else "")


def finished(tasks: Sequence[Task], run: RunDirectory) -> list[dict[str, Any]]:
    """The records of the programs that a run, as its files are, has finished, in the order of the tasks; raises where
    such a program or its cases are not what they were.
    """
    found = {record["id"]: record for record in read_records(run.path) if record.get("status") == "done"}
    now = {task.id: task.fingerprint for task in tasks}
    for name, record in found.items():
        if record.get("task", now.get(name)) != now.get(name) or name not in now:
            what = "has another text or other cases now" if name in now else "is no longer there"
            raise ValueError(
                f"resume={run.path}: {name!r} was judged, and {what}; put it back as it was, or start a new run"
            )
    return [found[task.id] for task in tasks if task.id in found]


def _taken(began: float, meter: Spending) -> dict[str, Any]:
    """What a problem took, for its record."""
    return {"seconds": round(time.monotonic() - began, 3), "spending": meter.as_json()}


def _unjudged(task: Task, status: str, why: str) -> dict[str, Any]:
    """The record of a problem that says nothing about any program."""
    return {"id": task.id, "problem": task.problem.id, "status": status, "solved": None, "attempts": 0, "fault": why}
