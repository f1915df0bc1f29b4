"""What is to be repaired: wrong programs with the cases that say so, from problem sets and from files of users.

A record of the schema of `envs.problems` gives one task for each of its `wrong` programs; a plain record
(`agents.repair.records`) and a solution in a JSON of LibraryBench give one each.

Promises: nothing in a file is run here; a bad record is an error with file, line and field; tasks come in the order
of the file, with different ids; a task without hidden cases says so, and is never scored as if it had some.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from agents.repair.agreement import check_entry
from agents.repair.records import PROGRAM_KEYS, SEEN, is_ours, problem_of, program_beside, program_of, records_in
from envs import text
from envs.problems import Problem, ProblemError
from envs.problems.fields import Where, fail
from envs.problems.plain import key
from envs.problems.records import problem_from_record

HIDDEN, TESTS = "hidden", "tests"
"""What a program is judged by: cases that the repairer never sees, or, where there are none, all cases it has."""
IMPROVED = "improved_"
"""What a repaired solution of LibraryBench is called, before the name of the given one."""


@dataclass(frozen=True, slots=True)
class Task:
    """One program to repair."""

    id: str
    problem: Problem
    """Its `hidden` cases are those that judge, whatever they are."""
    program: str
    """The wrong program; empty when the first program is to be sampled from a model."""
    notes: tuple[str, ...] = field(default=())
    """What the task lacks, in words: no hidden cases, for example."""
    judged_by: str = HIDDEN
    """HIDDEN or TESTS."""

    @property
    def fingerprint(self) -> str:
        """Another one where the program, the statement, or what judges is another."""
        problem = self.problem
        roles = (problem.visible, problem.selection, problem.hidden)
        cases = [[[key(case.args), key(case.expected)] for case in role] for role in roles]
        rules = [problem.entry, repr(problem.compare), problem.cpu_s, problem.memory_mb]
        told = json.dumps([self.program, problem.statement, cases, rules, problem.test_code, problem.test_prelude])
        return hashlib.sha256(told.encode()).hexdigest()[:12]


def tasks_of(problems: Iterable[Problem]) -> list[Task]:
    """A task for each known wrong program of each problem; one without a program for a problem that has none."""
    found = []
    for problem in problems:
        for number, wrong in enumerate(problem.wrong):
            name = problem.id if len(problem.wrong) == 1 else f"{problem.id}#{number}"
            found.append(_task(problem, wrong.source, name))
        if not problem.wrong:
            found.append(_task(problem, ""))
    return found


def tasks_in_file(path: str | Path) -> list[Task]:
    """The tasks of a TOML, JSONL or JSON file of ours, of a folder of them, or of a LibraryBench JSON."""
    path = Path(path)
    if not path.exists():
        near = difflib.get_close_matches(path.name, [each.name for each in path.parent.glob("*")], 1)
        raise ValueError(f"{path}: there is no such file or folder" + (f"; did you mean {near[0]!r}?" if near else ""))
    if path.suffix == ".py":
        raise ValueError(
            f"{path}: is a program alone, and nothing says what is right; write its cases into "
            f"{path.with_suffix('.toml')} and name that file (docs/repair.md shows the form)"
        )
    if not is_ours(path):
        return _from_librarybench(path)
    found: dict[str, Task] = {}
    places: dict[str, Where] = {}
    for record, where, name in records_in(path):
        for task in _of_record(record, where, name):
            if task.id in found:
                fail(where / "id", f"{task.id!r} stands already in {places[task.id]}; ids must differ")
            found[task.id], places[task.id] = task, where
    if not found:
        raise ProblemError(f"{path}: holds no record; each line is one JSON object")
    return list(found.values())


def _of_record(record: Any, where: Where, name: str) -> list[Task]:
    if not isinstance(record, Mapping):
        fail(where, f"{str(record)[:60]!r} is not an object; see docs/repair.md for the forms that are read")
    if "schema" not in record:
        problem, program = problem_of(record, where, name), program_of(record, where)
        check_entry(problem.entry, program, where)
        return [_task(problem, program)]
    own = {name: record[name] for name in PROGRAM_KEYS if name in record}
    problem = problem_from_record({name: item for name, item in record.items() if name not in own}, where)
    if own or (program_beside(where) and not problem.wrong):
        return [_task(problem, program_of(own, where))]
    return tasks_of([problem])


def _task(problem: Problem, program: str, name: str = "") -> Task:
    """Where there are too few cases for all roles, the same ones serve, and the task says so."""
    notes = [] if problem.references else ["no reference: generated tests cannot be checked"]
    judged_by = HIDDEN
    if not problem.test_code:
        every = (*problem.visible, *problem.selection, *problem.hidden)
        visible = problem.visible or every[:SEEN]
        selection = problem.selection or visible
        seen = {key(case.args) for case in (*visible, *selection)}
        hidden = tuple(case for case in problem.hidden if key(case.args) not in seen)
        if not hidden:
            judged_by = TESTS
            notes.append("no hidden cases: the score is measured on cases that the repairer could see")
        problem = replace(problem, visible=visible, selection=selection, hidden=hidden or every)
    return Task(name or problem.id, problem, program, tuple(notes), judged_by)


def _from_librarybench(path: Path) -> list[Task]:
    """A task for each model's solution of each problem."""
    from envs.problems.loaders import load

    found = []
    for problem in load("librarybench", path).problems():
        given = problem.extra.get("solutions", {})
        solutions = {name: each for name, each in given.items() if not _is_repair(name, given)}
        for name, program in solutions.items():
            found.append(_task(problem, program_in(program), f"{problem.id}#{name}"))
        if not solutions:
            found.append(_task(problem, ""))
    return found


def _is_repair(name: str, solutions: Collection[str]) -> bool:
    """Whether a solution is what an earlier run made of another one."""
    return name.startswith(IMPROVED) and name.removeprefix(IMPROVED) in solutions


def program_in(answer: str) -> str:
    """The program in a model's answer; the answer itself where none is found, so that it is judged as it is."""
    read = text.read_program(answer)
    return read if isinstance(read, str) else answer
