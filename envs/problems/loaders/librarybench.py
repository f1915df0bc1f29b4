"""LibraryBench's files of solutions: problems with inputs and outputs, and programs that people and models wrote.

Promises: the programs of models stay in `extra["solutions"]`, by the name of their field or of the model, because
nobody says whether they are right; those of people are the references. `extra["place"]` is the
record's place in its file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from envs.problems.fields import fail
from envs.problems.loaders.apps import contest_problem
from envs.problems.loaders.programs import unfenced
from envs.problems.loaders.row import Row, clean_text
from envs.problems.schema import Problem

_PERSON = "human_solution"


def to_problem(row: Row) -> Problem:
    """The problem that a record says; without a number of its own, its place in the file is its number."""
    inner = _problem(row)
    number = row.numbered(inner.name("problem_id")) if inner.has("problem_id") else row.place()
    people = replace(inner, record={**inner.record, "solutions": _of_people(inner)})
    problem = contest_problem(people, "librarybench", number)
    solutions = _of_models(row)
    more = {"place": row.place(), **({"solutions": solutions} if solutions else {})}
    return replace(problem, extra=problem.extra | more)


def _of_models(row: Row) -> dict[str, str]:
    """The programs of models: fields that end in `_solution`, or `code` beside `model_name`."""
    found = {
        field: clean_text(value, row.where / field)
        for field, value in row.record.items()
        if str(field).endswith("_solution") and field != _PERSON and value is not None
    }
    if row.has("code") and row.has("model_name"):
        found[row.text("model_name")] = row.text("code")
    return found


def _of_people(row: Row) -> list[str]:
    """The programs of people: texts, or records that hold one in `code`."""
    found = []
    for name in ("solutions", "human_solutions"):
        given = row.parsed(name) or []
        if not isinstance(given, list):
            fail(row.where / name, f"{str(given)[:60]!r} is not a list of programs")
        for place, one in enumerate(given):
            at = (row.where / name).item(place)
            found.append(clean_text(one, at) if not isinstance(one, Mapping) else Row(one, at).text("code"))
    return [unfenced(source) for source in (*found, row.maybe(_PERSON)) if source.strip()]


def _problem(row: Row) -> Row:
    """The record as APPS would have it; later files hold a record in `problem`, with its tests as pairs."""
    if isinstance(row.get("problem"), Mapping):
        inner = row.inner("problem")
        inner = replace(inner, record={**row.record, **inner.record})
    else:
        question = row.text("question" if row.has("question") and not row.has("problem") else "problem")
        inner = replace(row, record=row.record | {"question": question})
    if not inner.has("tests"):
        return inner
    pairs = [Row(test, (inner.where / "tests").item(place)) for place, test in enumerate(inner.items("tests"))]
    tests: dict[str, Any] = {
        "inputs": [pair.maybe("stdin") for pair in pairs],
        "outputs": [pair.maybe("stdout") for pair in pairs],
    }
    return replace(inner, record={**inner.record, "input_output": tests})
