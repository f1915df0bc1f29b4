"""HumanEval and HumanEval+: functions to complete, with `check(candidate)` as the judge.

Promises: what the data set's own test accepts is what passes: asserts of literals become cases, and a check
that does more stays code, whole. The extra inputs of HumanEval+ have no answers: `answered` asks the
reference for them, in the sandbox.
"""

from __future__ import annotations

from typing import Any

from envs.problems.fields import fail
from envs.problems.loaders.asserts import asserted
from envs.problems.loaders.examples import call_examples
from envs.problems.loaders.making import Draft, make
from envs.problems.loaders.programs import function, program, signature_of
from envs.problems.loaders.row import Row, clean_data
from envs.problems.schema import Compare, Problem


def to_problem(row: Row) -> Problem:
    """The problem that a record says."""
    prompt, entry = row.text("prompt"), row.text("entry_point")
    reference = program(prompt + row.text("canonical_solution"), row.where / "canonical_solution")
    if function(reference, entry) is None:
        fail(row.where / "entry_point", f"{entry!r} is not defined by the prompt and the canonical solution")
    test = row.maybe("test")
    found = asserted(test, "candidate", "check")
    whole = found.complete and len(found.cases) > 1
    inputs = given_inputs(row)
    if not test and not inputs:
        fail(row.where / "test", "is missing, and there is no base_input either")
    return make(
        Draft(
            family="humaneval+" if "plus_input" in row.record else "humaneval",
            number=row.name("task_id").removeprefix("HumanEval/"),
            title=entry,
            statement=prompt,
            entry=entry,
            signature=signature_of(reference, entry),
            references=[reference],
            shown=call_examples(prompt, entry),
            tests=found.cases,
            compare=tolerance(row) or Compare("equal") if inputs else None,
            code="" if whole or not test else program(test, row.where / "test"),
            prelude="" if whole or not test else prompt,
            inputs=[*inputs, *found.inputs],
            split="test",
            extra={
                "task_id": row.name("task_id"),
                "contract": row.maybe("contract"),
                "base_input": row.get("base_input"),
                "plus_input": row.get("plus_input"),
            },
        ),
        row,
    )


def given_inputs(row: Row) -> list[tuple[Any, ...]]:
    """The arguments in `base_input` and `plus_input`."""
    found = []
    for name in ("base_input", "plus_input"):
        for place, args in enumerate(row.items(name)):
            at = (row.where / name).item(place)
            if not isinstance(args, list | tuple):
                fail(at, f"{str(args)[:60]!r} is not a list of arguments")
            found.append(tuple(clean_data(args, at)))
    return found


def tolerance(row: Row) -> Compare | None:
    """Comparison within `atol`, when there is one."""
    allowed = row.number("atol", 0)
    return Compare("floats", abs_tol=allowed, rel_tol=1e-7) if allowed > 0 else None
