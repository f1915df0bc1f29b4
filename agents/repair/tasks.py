"""What is to be repaired: wrong programs with the cases that say so, from problem sets and from files of users.

Three forms of JSONL are read. A record of our own schema gives one task for each of its `wrong` programs. A plain
record needs no second reference and no grammar:

    {"id": "half", "entry": "half", "program": "def half(n): ...", "cases": [{"args": [4], "expected": 2}]}

`cases` is split by place into what the repairer sees, what picks the best attempt, and what the score is; give
`visible`, `selection` and `hidden` instead to say it yourself. The JSON of LibraryBench is read by its loader.

Promises: nothing in a file is run here; a bad record is an error with file, line and field; tasks come in the order
of the file, with different ids. Does not promise that the cases are right: nobody can say that without a reference.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from envs import text
from envs.problems import Case, Problem, ProblemError
from envs.problems.cases import case_from_record
from envs.problems.fields import Where, fail
from envs.problems.records import FIELDS, problem_from_record
from envs.problems.schema import Compare

PROGRAM_KEYS = ("program", "buggy", "buggy_code", "code")
"""Under any of these names a plain record may hold the program."""
PLAIN = frozenset({
    *PROGRAM_KEYS, "id", "title", "statement", "question", "entry", "signature", "kind", "cases", "visible",
    "selection", "hidden", "compare", "cpu_s", "memory_mb",
})  # fmt: skip
SEEN, PICKING = 3, 3
"""Of a flat list of cases the first so many are seen; of the others, one in so many picks the best attempt."""


@dataclass(frozen=True, slots=True)
class Task:
    """One program to repair."""

    id: str
    problem: Problem
    program: str
    """The wrong program; empty when the first program is to be sampled from a model."""
    notes: tuple[str, ...] = field(default=())
    """What the task lacks, in words: no hidden cases, for example."""


def tasks_of(problems: Iterable[Problem]) -> list[Task]:
    """A task for each known wrong program of each problem; one without a program for a problem that has none."""
    found = []
    for problem in problems:
        problem = _with_all_roles(problem)
        notes = _notes(problem)
        for number, wrong in enumerate(problem.wrong):
            name = problem.id if len(problem.wrong) == 1 else f"{problem.id}#{number}"
            found.append(Task(name, problem, wrong.source, notes))
        if not problem.wrong:
            found.append(Task(problem.id, problem, "", notes))
    return found


def tasks_in_file(path: str | Path) -> list[Task]:
    """The tasks of a JSONL file of ours, or of a LibraryBench JSON."""
    path = Path(path)
    if not path.is_file():
        near = difflib.get_close_matches(path.name, [each.name for each in path.parent.glob("*.json*")], 1)
        raise ValueError(f"{path}: there is no such file" + (f"; did you mean {near[0]!r}?" if near else ""))
    if path.suffix == ".json":
        return _from_librarybench(path)
    found: dict[str, Task] = {}
    for record, where in _records(path):
        for task in _of_record(record, where):
            if task.id in found:
                fail(where / "id", f"{task.id!r} stands already above; ids must differ")
            found[task.id] = task
    if not found:
        raise ProblemError(f"{path}: holds no record; each line is one JSON object")
    return list(found.values())


def _records(path: Path) -> Iterator[tuple[Any, Where]]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            where = Where(str(path), number)
            if line.strip():
                try:
                    yield json.loads(line), where
                except (ValueError, RecursionError) as error:
                    fail(where, f"is not JSON: {error}")


def _of_record(record: Any, where: Where) -> list[Task]:
    if not isinstance(record, Mapping):
        fail(where, f"{str(record)[:60]!r} is not an object; see docs/repair.md for the forms that are read")
    if "schema" in record:
        own = {name: record[name] for name in PROGRAM_KEYS if name in record}
        problem = problem_from_record({name: item for name, item in record.items() if name not in own}, where)
        problem = _with_all_roles(problem)
        if own:
            return [Task(problem.id, problem, _program(own, where), _notes(problem))]
        return tasks_of([problem])
    return [_plain_task(record, where)]


def _plain_task(record: Mapping[str, Any], where: Where) -> Task:
    for name in record:
        if name not in PLAIN:
            near = difflib.get_close_matches(str(name), sorted(PLAIN), 1)
            fail(where / str(name), f"is not a field; did you mean {near[0]!r}?" if near else "is not a field")
    entry, kind = _callable(record, where)
    read: dict[str, Any] = {
        name: _cases(record.get(name, []), kind, entry, where / name) for name in ("visible", "selection", "hidden")
    }
    flat = _cases(record.get("cases", []), kind, entry, where / "cases")
    if flat:
        read = {name: (*read[name], *more) for name, more in split_cases(flat).items()}
    if not any(read.values()):
        fail(where / "cases", "is missing; give cases with an input and the right answer")
    rules: dict[str, Any] = {"compare": Compare("exact" if kind == "function" else "lines")}
    rules |= {
        name: FIELDS[name].read(record[name], where / name)
        for name in ("compare", "cpu_s", "memory_mb")
        if name in record
    }
    name = _id(record, where)
    problem = Problem(
        id=name,
        title=str(record.get("title") or name),
        statement=str(record.get("statement") or record.get("question") or ""),
        kind=kind,
        family="unknown",
        difficulty=3,
        entry=entry,
        signature=str(record.get("signature") or ""),
        origin=where.file,
        unproved=("references", "grammar", "wrong", "cases"),
        **rules,
        **read,
    )
    problem = _with_all_roles(problem)
    return Task(problem.id, problem, _program(record, where), _notes(problem))


def _id(record: Mapping[str, Any], where: Where) -> str:
    """The record's id, as text; without one, the number of its line."""
    given = record.get("id")
    if given is None or given == "":
        return f"line-{where.line}"
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        fail(where / "id", f"{str(given)[:60]!r} is not an id; write a text or a number")
    return str(given)


def _program(record: Mapping[str, Any], where: Where) -> str:
    names = [name for name in PROGRAM_KEYS if name in record]
    if len(names) != 1 or not isinstance(record[names[0]], str) or not record[names[0]].strip():
        fail(where / "program", f"must be the text of one program; found {', '.join(names) or 'none'}")
    return str(record[names[0]])


def _callable(record: Mapping[str, Any], where: Where) -> tuple[str, str]:
    """The entry (empty for a script) and the kind."""
    import re

    entry = record.get("entry") or ""
    if not entry and (match := re.match(r"\s*def\s+(\w+)", str(record.get("signature") or ""))):
        entry = match[1]
    kind = record.get("kind") or ("function" if entry else "stdin")
    if kind not in ("function", "stdin") or (kind == "function") != bool(entry):
        fail(where / "entry", f"kind {kind!r} with entry {entry!r}: a function needs an entry, a script has none")
    return str(entry), str(kind)


def _cases(value: Any, kind: str, entry: str, where: Where) -> tuple[Case, ...]:
    if not isinstance(value, list):
        fail(where, "is not a list of cases")
    return tuple(case_from_record(_renamed(each, kind), kind, entry, where.item(n)) for n, each in enumerate(value))


def _renamed(case: Any, kind: str) -> Any:
    """`input` and `output` stand for the names that the schema uses."""
    if not isinstance(case, Mapping) or "input" not in case or "output" not in case:
        return case
    rest = {name: item for name, item in case.items() if name not in ("input", "output")}
    if kind == "stdin":
        return {"stdin": case["input"], "stdout": case["output"], **rest}
    args = case["input"] if isinstance(case["input"], list) else [case["input"]]
    return {"args": args, "expected": case["output"], **rest}


def split_cases(cases: Sequence[Case]) -> dict[str, tuple[Case, ...]]:
    """A flat list by role: the first few are seen, every third of the others picks, the rest is the score."""
    rest = cases[SEEN:]
    return {
        "visible": tuple(cases[:SEEN]),
        "selection": tuple(rest[::PICKING]),
        "hidden": tuple(case for place, case in enumerate(rest) if place % PICKING),
    }


def _with_all_roles(problem: Problem) -> Problem:
    """Where there are too few cases for all roles, the same ones serve; `_notes` says so."""
    every = (*problem.visible, *problem.selection, *problem.hidden)
    if problem.test_code:
        return problem
    visible = problem.visible or every[:SEEN]
    return replace(problem, visible=visible, selection=problem.selection or visible, hidden=problem.hidden or every)


def _notes(problem: Problem) -> tuple[str, ...]:
    notes = []
    if not problem.references:
        notes.append("no reference: generated tests cannot be checked")
    hidden = {repr(case.args) for case in problem.hidden}
    seen = {repr(case.args) for case in (*problem.visible, *problem.selection)}
    if not (hidden - seen or problem.test_code):
        notes.append("no hidden cases: the score is measured on cases that the repairer could see")
    return tuple(notes)


def _from_librarybench(path: Path) -> list[Task]:
    """A task for each model's solution of each problem."""
    from envs.problems.loaders import load

    found = []
    for problem in load("librarybench", path).problems():
        problem = _with_all_roles(problem)
        solutions = problem.extra.get("solutions", {})
        for name, program in solutions.items():
            task = Task(f"{problem.id}#{name}", problem, program_in(program), _notes(problem))
            found.append(task)
        if not solutions:
            found.append(Task(problem.id, problem, "", _notes(problem)))
    return found


def program_in(answer: str) -> str:
    """The program in a model's answer; the answer itself where none is found, so that it is judged as it is."""
    read = text.read_program(answer)
    return read if isinstance(read, str) else answer
