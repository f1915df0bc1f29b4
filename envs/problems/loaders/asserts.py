"""Tests that are code, turned into cases where they only compare a call with a literal.

Promises: a case means exactly what its assert means (`==`); whether all asserts could be turned is told. No
test is run.
"""

import ast
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from envs.problems.cases import Case
from envs.problems.loaders.programs import Function, literal, parsed
from envs.problems.plain import unwritable


@dataclass(frozen=True, slots=True)
class Asserted:
    """What some test code says."""

    cases: tuple[Case, ...]
    """The asserts that are `f(literals) == literal`, all of plain data."""
    complete: bool
    """Whether the code says nothing else."""
    inputs: tuple[tuple[object, ...], ...] = ()
    """The arguments of all calls with literals, also of those without an answer."""


def asserted(source: str, name: str, check: str = "") -> Asserted:
    """The cases in asserts about `name`: at the top level, or inside the function `check`."""
    tree = parsed(source)
    if tree is None:
        return Asserted((), False)
    body = tree.body
    if check:
        inside = [node for node in body if isinstance(node, Function) and node.name == check]
        body = inside[-1].body if inside else []
        if not inside:
            return Asserted((), False)
    cases: list[Case] = []
    complete = True
    for statement in body:
        if _says_nothing(statement):
            continue
        with suppress(ValueError):
            case = _case(statement, name)
            if not unwritable([case.args, case.expected]):
                cases.append(case)
                continue
        complete = False
    return Asserted(tuple(cases), complete and bool(cases), tuple(_inputs(body, name)))


def _inputs(body: list[ast.stmt], name: str) -> Iterator[tuple[object, ...]]:
    for node in ast.walk(ast.Module(body, [])):
        if isinstance(node, ast.Call):
            with suppress(ValueError):
                yield arguments(node, name)


def _says_nothing(statement: ast.stmt) -> bool:
    """A text, `pass`, or `assert True`."""
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()) | ast.Assert(test=ast.Constant(value=True)):
            return True
    return False


def _case(statement: ast.stmt, name: str) -> Case:
    match statement:
        case ast.Assert(test=ast.Compare(left=ast.Call() as call, ops=[ast.Eq()], comparators=[right])):
            return Case(arguments(call, name), literal(right))
        case ast.Assert(test=ast.Compare(left=left, ops=[ast.Eq()], comparators=[ast.Call() as call])):
            return Case(arguments(call, name), literal(left))
    raise ValueError("is not an assert of a call and a literal")


def arguments(call: ast.Call, name: str) -> tuple[object, ...]:
    """The arguments of a call of `name`; ValueError when it is another call or they are no literals."""
    if not isinstance(call.func, ast.Name) or call.func.id != name or call.keywords:
        raise ValueError(f"is not a call of {name}")
    return tuple(literal(arg) for arg in call.args)


def called_in(source: str, defined: set[str]) -> str:
    """The first of the defined functions that test code calls; empty when it calls none."""
    calls = [node for node in ast.walk(parsed(source) or ast.Module([], [])) if isinstance(node, ast.Call)]
    calls.sort(key=lambda node: (node.lineno, node.col_offset))
    names = [node.func.id for node in calls if isinstance(node.func, ast.Name)]
    return next((name for name in names if name in defined), "")
