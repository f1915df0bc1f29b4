"""LibraryBench's files of solutions: problems with inputs and outputs, and programs that models wrote.

Promises: the programs stay in `extra["solutions"]`, by the name of their field, because nobody says whether
they are right.
"""

from __future__ import annotations

from envs.problems.loaders.making import SAME_DATA, Draft, call_cases, make, stdin_cases
from envs.problems.loaders.row import Row, clean_text
from envs.problems.schema import Problem


def to_problem(row: Row) -> Problem:
    """The problem that a record says; its number is its place in the file."""
    tests = row.inner("input_output")
    name = tests.maybe("fn_name")
    inputs, outputs = tests.items("inputs"), tests.items("outputs")
    place = row.where.field.strip("[]") or str(row.where.line)
    solutions = {
        field: clean_text(value, row.where / field)
        for field, value in row.record.items()
        if str(field).endswith("_solution") and value is not None
    }
    return make(
        Draft(
            family="librarybench",
            number=row.name("problem_id") if row.has("problem_id") else place,
            statement=row.text("problem"),
            kind="function" if name else "stdin",
            entry=name,
            tests=(call_cases if name else stdin_cases)(inputs, outputs, row.where / "input_output"),
            compare=SAME_DATA if name else None,
            extra={"solutions": solutions},
        ),
        row,
    )
