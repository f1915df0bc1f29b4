"""LiveCodeBench: code generation, and the records of its three other tasks.

Promises: private tests, packed as base64 of zlib of a pickle, are decoded without running anything (see
`pickled.py`); public tests are shown, private ones are hidden.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from envs.problems.cases import Case
from envs.problems.fields import ProblemError, Where, fail
from envs.problems.loaders.apps import level
from envs.problems.loaders.making import SAME_DATA, Draft, identifier, make
from envs.problems.loaders.pickled import unpack_text
from envs.problems.loaders.programs import entry_in, literal, program
from envs.problems.loaders.row import Row, clean_data, clean_text, from_json, holds_too_long
from envs.problems.loaders.samples import Execution, OutputPrediction, SelfRepair
from envs.problems.schema import Compare, Problem


def to_problem(row: Row) -> Problem:
    """The problem that a record of code generation says."""
    starter, name = row.maybe("starter_code"), row.inner("metadata").maybe("func_name")
    public, private = _tests(row, "public_test_cases"), _tests(row, "private_test_cases")
    kinds = {test["testtype"] for test in (*public, *private)}
    if len(kinds) != 1:
        fail(row.where / "public_test_cases", f"needs tests of one type, has {', '.join(sorted(kinds)) or 'none'}")
    stdin = kinds == {"stdin"}
    if not stdin and not name:
        fail(row.where / "metadata", "names no func_name for tests that call a function")
    shown = _cases(public, row.where / "public_test_cases")
    tests = _cases(private, row.where / "private_test_cases")
    entry = "" if stdin else f"Solution.{name}" if "class Solution" in starter else name
    return make(
        Draft(
            family="livecodebench",
            number=row.name("question_id"),
            title=row.maybe("question_title"),
            statement=row.text("question_content"),
            kind="stdin" if stdin else "function",
            entry=entry,
            signature=next((line.strip().rstrip(":") for line in starter.split("\n") if f"def {name}(" in line), ""),
            shown=shown,
            tests=tests,
            compare=SAME_LINES if stdin else SAME_DATA,
            difficulty=level(row.maybe("difficulty")),
            limits=(6.0, 256),
            split="test",
            extra={
                **{name: row.maybe(name) for name in ("platform", "contest_id", "starter_code")},
                "contest_date": _date(row),
                "cases_left_out": len(public) + len(private) - len(shown) - len(tests) or None,
            },
        ),
        row,
    )


SAME_LINES = Compare(
    "checker",
    source='''from decimal import Decimal, InvalidOperation


def numbers(line):
    """The words of a line as numbers; None when one is no number."""
    try:
        return [Decimal(word) for word in line.split()]
    except InvalidOperation:
        return None


def lines(text):
    return [line.strip() for line in text.strip().split("\\n")]


def check(given, output, expected):
    mine, wanted = lines(output), lines(expected)
    if len(mine) != len(wanted):
        return False
    differ = [pair for pair in zip(mine, wanted) if pair[0] != pair[1]]
    return all(numbers(one) is not None and numbers(one) == numbers(other) for one, other in differ)
''',
)
"""Line by line, as texts or as the same numbers however they are written: 1.5 is 1.500, and 3 is 3.0."""


def _date(row: Row) -> str:
    """The date of the contest; the hub's own reader makes a `datetime` of it."""
    value = row.get("contest_date")
    return value.isoformat() if isinstance(value, date) else row.maybe("contest_date")


def _tests(row: Row, name: str) -> list[dict[str, Any]]:
    """The tests in JSON, which may be packed."""
    value, where = row.get(name), row.where / name
    if isinstance(value, str) and value.strip() and value.lstrip()[0] not in "[{":
        try:
            value = from_json(unpack_text(value, where, row.bounds.field))
        except ProblemError:
            raise
        except (ValueError, RecursionError) as error:
            fail(where, f"is not JSON once unpacked: {error}")
    else:
        value = row.parsed(name)
    if not isinstance(value, list | None):
        fail(where, f"{str(value)[:60]!r} is not a list of tests")
    for place, test in enumerate(value or []):
        texts = isinstance(test, dict) and [test.get(part) for part in ("input", "output", "testtype")]
        if not texts or not all(isinstance(text, str) for text in texts):
            fail(where.item(place), "needs the texts input, output and testtype")
    return value or []


def _cases(tests: list[dict[str, Any]], where: Where) -> list[Case]:
    found = []
    for place, test in enumerate(tests):
        at = where.item(place)
        if test["testtype"] == "stdin":
            found.append(Case((clean_text(test["input"], at / "input"),), clean_text(test["output"], at / "output")))
            continue
        args = [_data(line, at / "input") for line in test["input"].split("\n") if line.strip()]
        answer = _data(test["output"], at / "output")
        if not holds_too_long([args, answer]):
            found.append(Case(tuple(clean_data(args, at / "input")), clean_data(answer, at / "output")))
    return found


def _data(text: str, where: Where) -> Any:
    try:
        return from_json(text)
    except (ValueError, RecursionError) as error:
        fail(where, f"{text[:60]!r} is not JSON: {error}")


def repair_to_sample(row: Row) -> SelfRepair:
    """A record of self-repair: a question, a program, and what its judge said."""
    codes = row.texts("code_list") or [row.text("code")]
    graded = row.items("graded_list")
    if len(graded) not in (0, len(codes)) or not all(isinstance(mark, bool) for mark in graded):
        fail(row.where / "graded_list", f"needs {len(codes)} truth values, one for each program")
    about = row.get("metadata")
    about = about if isinstance(about, list) else [about] * len(codes)
    if len(about) != len(codes):
        fail(row.where / "metadata", f"has {len(about)} items for {len(codes)} programs")
    return SelfRepair(
        id=identifier("livecodebench-repair", row.name("question_id"), row.where),
        statement=row.text("question_content"),
        programs=tuple(codes),
        passed=tuple(graded),
        judged=tuple("" if said is None else said if isinstance(said, str) else json.dumps(said) for said in about),
    )


def output_to_sample(row: Row) -> OutputPrediction:
    """A record of test output prediction: a question and a test without its answer."""
    tests = _tests_of_output(row)
    name = row.text("function_name")
    return OutputPrediction(
        id=identifier("livecodebench-output", f"{row.name('question_id')}_{row.name('test_id')}", row.where),
        statement=row.text("question_content"),
        entry=name,
        starter_code=row.maybe("starter_code"),
        cases=tuple(_cases(tests, row.where / "test")),
        contest_date=_date(row),
    )


def _tests_of_output(row: Row) -> list[dict[str, Any]]:
    tests = _tests(row, "test")
    if not tests:
        fail(row.where / "test", "is empty")
    return [test | {"testtype": "functional"} for test in tests]


def execution_to_sample(row: Row) -> Execution:
    """A record of code execution: a program, a call of it, and what the call returns."""
    code = program(row.text("code"), row.where / "code")
    call, answer = row.text("input"), row.text("output")
    try:
        expected = literal(answer.strip())
    except ValueError:
        fail(row.where / "output", f"{answer[:60]!r} is not a Python literal")
    return Execution(
        id=identifier("livecodebench-execution", row.name("id") if row.has("id") else row.place(), row.where),
        source=code,
        entry=row.maybe("function_name") or entry_in(code),
        call=call,
        expected=expected,
        steps=int(row.number("numsteps", 0)),
        contest_date=_date(row),
    )
