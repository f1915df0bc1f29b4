"""What is known of each problem, from a run of `agents.repair` or from a file of solutions.

Promises: shares are of hidden cases, of a program's own tests where it has no hidden ones, and of every case of a
solutions file, with all of them executed; each says which. A problem that met a fault is left out and counted.
Programs of files run in the sandbox only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agents.repair.results import basis_of
from agents.repair.tasks import HIDDEN, TESTS
from agents.runs import read_records

CASES = "cases"
"""What solutions in a file are judged by: all there are."""


@dataclass(frozen=True)
class Outcome:
    """One problem."""

    id: str
    passed: int
    total: int
    cost_usd: float = 0.0
    attempts: int = 0
    judged_by: str = HIDDEN
    """HIDDEN, TESTS or CASES."""

    @property
    def share(self) -> float:
        return self.passed / self.total if self.total else 0.0

    @property
    def whole(self) -> bool:
        """Whether all passes that it is judged by."""
        return 0 < self.total == self.passed

    @property
    def solved(self) -> bool:
        """Whether that was more than the tests that it was repaired by."""
        return self.whole and self.judged_by != TESTS

    def __str__(self) -> str:
        return f"{self.passed}/{self.total}" + (f" {TESTS}" if self.judged_by == TESTS else "")


@dataclass(frozen=True)
class Side:
    """One of the two that are compared."""

    name: str
    outcomes: Mapping[str, Outcome]
    faults: int = 0
    """Problems that nobody could judge."""
    simulated: bool = False


def read_side(path: str, key: str = "", shell: str = "auto", before: bool = False) -> Side:
    """A side from a run directory, or from a LibraryBench JSON and the name of a solution in it."""
    folder = Path(path)
    if (folder / "trajectories.jsonl").is_file():
        return _of_run(folder, before)
    if folder.suffix == ".json" and folder.is_file():
        return _of_file(folder, key, shell)
    near = sorted(str(each.parent) for each in folder.parent.glob("*/trajectories.jsonl"))
    hint = f"; did you mean {guess}?" if (guess := _nearest(path, near)) else ""
    raise ValueError(f"{path}: is neither a run of agents.repair nor a JSON of solutions{hint}")


def _nearest(path: str, known: list[str]) -> str:
    import difflib

    return next(iter(difflib.get_close_matches(path, known, 1)), "")


def _of_run(folder: Path, before: bool) -> Side:
    every = read_records(folder)
    records = {record["id"]: record for record in every if record.get("kind") == "repair"}
    if not records:
        what = "holds episodes of training, which cannot be compared" if every else "holds no finished repair"
        raise ValueError(f"{folder}: {what}; name a run of: python -m agents.repair")
    judged = [record for record in records.values() if record["status"] == "done"]
    name = f"{folder.name}{' (before)' if before else ''}"
    simulated = any(record["spending"]["simulated"] for record in judged)
    return Side(name, {each["id"]: _outcome(each, before) for each in judged}, len(records) - len(judged), simulated)


def _outcome(record: Mapping[str, Any], before: bool) -> Outcome:
    basis = basis_of(record)
    passed, total = record["before" if before else "after"][basis]
    if before:
        return Outcome(record["id"], passed, total, judged_by=basis)
    return Outcome(record["id"], passed, total, record["spending"]["cost_usd"], record["attempts"], basis)


def _of_file(path: Path, key: str, shell: str) -> Side:
    from envs.boxes import shared_box

    return asyncio.run(_judged(path, key, shared_box(shell)))


async def _judged(path: Path, key: str, box: Any) -> Side:
    """Every solution of that name, executed on all cases."""
    from agents.repair.judging import Court
    from agents.repair.tasks import program_in
    from envs.problems.loaders import load
    from sandbox import SandboxFault

    court = Court(box, 32)
    problems = list(load("librarybench", path).problems())
    programs = {problem.id: text for problem in problems if (text := solutions_of(problem).get(key))}
    if not programs:
        known = sorted({name for problem in problems for name in solutions_of(problem)})
        raise ValueError(f"{path}: there is no solution {key!r} (--model-key); choose from {', '.join(known)}")
    chosen = [problem for problem in problems if problem.id in programs]
    asked = [court.score_all(problem, program_in(programs[problem.id])) for problem in chosen]
    found = await asyncio.gather(*asked, return_exceptions=True)
    outcomes, faults = {}, 0
    for problem, score in zip(chosen, found, strict=True):
        if isinstance(score, SandboxFault):
            faults += 1
        elif isinstance(score, BaseException):
            raise score
        else:
            outcomes[problem.id] = Outcome(problem.id, score.passed, score.total, judged_by=CASES)
    return Side(f"{path.name}:{key}", outcomes, faults)


def solutions_of(problem: Any) -> dict[str, str]:
    """Name -> the text of a solution."""
    return dict(problem.extra.get("solutions", {}))
