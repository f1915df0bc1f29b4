"""QuixBugs: classic algorithms with one wrong line each, read from its repository's folders.

Promises: the buggy program becomes a known-wrong one; JSON cases become cases, with tuples as lists.
Programs that take objects, or that give values one by one, are judged by their Python tests, as code.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from envs.problems.cases import Case
from envs.problems.fields import ProblemError, Where, fail
from envs.problems.loaders.making import SAME_DATA, Draft, make
from envs.problems.loaders.programs import Function, function, parsed, program
from envs.problems.loaders.row import Row, clean_data, from_json
from envs.problems.loaders.source import Found, Source
from envs.problems.schema import Compare, Problem, WrongProgram

NEAR_ROOT = Compare(
    "checker",
    source="def check(given, output, expected):\n    return bool(abs(output - expected) <= abs(given[-1]))\n",
)
"""What the repository's own test of `sqrt` asks: no further off than the last argument."""
_ASIDE = ("node", "__init__")
"""Files among the programs that are no programs to mend."""


def read(source: Source) -> Iterator[Found]:
    """A record for each program of `correct_python_programs`."""
    right = source.path / "correct_python_programs"
    if not right.is_dir():
        raise ProblemError(f"{source.path}: has no folder correct_python_programs; name the root of the repository")
    for file in sorted(right.glob("*.py")):
        name = file.stem
        if name in _ASIDE or name.endswith("_test"):
            continue
        source.rows += 1
        try:
            yield source.row(_record(source, name), Where(str(file)))
        except ProblemError as error:
            yield error


def _record(source: Source, name: str) -> dict[str, Any]:
    root = source.path
    record: dict[str, Any] = {"name": name}
    record["correct"] = source.text(root / "correct_python_programs" / f"{name}.py")
    record["buggy"] = source.text(root / "python_programs" / f"{name}.py")
    cases, tests = root / "json_testcases" / f"{name}.json", root / "python_testcases" / f"test_{name}.py"
    if _there(cases):
        lines = source.text(cases).split("\n")  # other line ends may stand inside of JSON's strings
        record["cases"] = [_line(line, cases, place) for place, line in enumerate(lines, 1)]
    if _there(tests):
        record["tests"] = source.text(tests)
    node = root / "python_programs" / "node.py"
    if _there(node):
        record["node"] = source.text(node)
    return record


def _there(file: Path) -> bool:
    return file.exists() or file.is_symlink()


def _line(line: str, file: Path, place: int) -> Any:
    try:
        return from_json(line) if line.strip() else None
    except (ValueError, RecursionError) as error:
        raise ProblemError(f"{Where(str(file), place)}: is not JSON: {error}") from None


def to_problem(row: Row) -> Problem:
    """The problem that a program, its buggy form and its tests say."""
    name = row.text("name")
    right = program(row.text("correct"), row.where / "correct")
    found = function(right, name)
    if found is None:
        fail(row.where / "correct", f"does not define {name}")
    buggy = program(row.text("buggy"), row.where / "buggy")
    cases = [_case(value, (row.where / "cases").item(place)) for place, value in enumerate(row.items("cases")) if value]
    code = "" if cases else _test_code(row.maybe("tests"), row.maybe("node"))
    if cases and _gives_one_by_one(found):
        code, cases = _listed(name, cases), []
    if not cases and not code:
        fail(row.where / "tests", "there are neither JSON cases nor Python tests for it")
    return make(
        Draft(
            family="quixbugs",
            number=name,
            title=name.replace("_", " "),
            statement=_statement(buggy, name),
            entry=name,
            references=[right],
            wrong=[WrongProgram("quixbugs", buggy, "has the one wrong line of the data set")],
            tests=cases,
            compare=NEAR_ROOT if name == "sqrt" else SAME_DATA,
            code=code,
            split="test",
        ),
        row,
    )


def _case(value: Any, where: Where) -> Case:
    if not isinstance(value, list) or len(value) != 2:
        fail(where, f"{str(value)[:60]!r} is not [[arguments], answer]")
    args, expected = clean_data(value, where)
    return Case(tuple(args) if isinstance(args, list) else (args,), expected)


def _gives_one_by_one(found: Function) -> bool:
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(found))


def _listed(name: str, cases: list[Case]) -> str:
    """Test code for a generator."""
    lines = [f"assert list({name}(*{list(case.args)!r})) == {case.expected!r}" for case in cases]
    return "\n".join(lines) + "\n"


def _test_code(source: str, node: str) -> str:
    """The tests without the imports that belong to the repository, below the class that they use."""
    tree = parsed(source)
    if tree is None or not source:
        return ""
    kept = [node for node in tree.body if not _belongs(node)]
    if not any(isinstance(node, Function | ast.Assert | ast.ClassDef) for node in kept):
        return ""
    return (node.strip("\n") + "\n\n\n" if "Node(" in source else "") + ast.unparse(ast.Module(kept, [])) + "\n"


def _belongs(node: ast.stmt) -> bool:
    if isinstance(node, ast.If):
        return "use_correct" in ast.unparse(node.test)
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").split(".")[0] in (
            "node",
            "load_testdata",
            "python_programs",
            "correct_python_programs",
        )
    return isinstance(node, ast.Import) and {name.name for name in node.names} == {"pytest"}


def _statement(source: str, name: str) -> str:
    """What the buggy program's texts say about it, below its code; those of the right one may hold solutions."""
    body = (parsed(source) or ast.Module([], [])).body
    texts = [
        node.value.value.strip()
        for node in body
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    ]
    return "\n\n".join(text for text in texts if text) or f"Write the function {name.replace('_', ' ')}."
