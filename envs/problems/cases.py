"""One case: an input and the right answer to it.

Promises: an input is always a tuple: the arguments of a function, or the one text of a stdin problem. Two
forms are read: `args`/`expected` (or `stdin`/`stdout`) hold data; `call`/`returns` hold Python literals,
which are parsed and never run.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from envs.problems.fields import Where, fail, maybe_text
from envs.problems.grammar import CATEGORIES
from envs.problems.plain import Plain, decode, encode


@dataclass(frozen=True, slots=True)
class Case:
    """An input, the right answer, and what the input probes."""

    args: tuple[Plain, ...]
    """The arguments; of a stdin problem, one text."""
    expected: Plain
    """The value to return; of a stdin problem, the text to print."""
    category: str = "basic"
    """basic, boundary, edge or adversarial."""
    why: str = ""
    """What the case shows, for a reader."""


def case_from_record(record: Any, kind: str, entry: str, where: Where) -> Case:
    """The case that a record says."""
    if not isinstance(record, Mapping):
        fail(where, f"{str(record)[:60]!r} is not a table with an input and an answer")
    args, expected = _stdin(record, where) if kind == "stdin" else _call(record, entry, where)
    category = record.get("category", "basic")
    if category not in CATEGORIES:
        fail(where / "category", f"{category!r} is not one of {', '.join(CATEGORIES)}")
    strangers = set(record) - {"args", "expected", "stdin", "stdout", "call", "returns", "category", "why"}
    if strangers:
        fail(
            where / min(strangers),
            "is not a field of a case; write call and returns (or stdin and stdout), category, why",
        )
    return Case(args, expected, category, str(record.get("why", "")))


def case_to_record(case: Case, kind: str) -> dict[str, Any]:
    """The record that `case_from_record` reads back."""
    record: dict[str, Any] = {}
    if kind == "stdin":
        record |= {"stdin": case.args[0], "stdout": case.expected}
    else:
        record |= {"args": [encode(arg) for arg in case.args], "expected": encode(case.expected)}
    record["category"] = case.category
    return record | ({"why": case.why} if case.why else {})


def input_from_record(value: Any, kind: str, entry: str, where: Where) -> tuple[Plain, ...]:
    """An input without an answer: a text, a call written in Python literals, or a list of plain data."""
    if isinstance(value, str):
        return (value,) if kind == "stdin" else _arguments(value, entry, where)
    if kind == "stdin" or not isinstance(value, list):
        wanted = "a text" if kind == "stdin" else "a call such as f(1, 2)"
        fail(where, f"{str(value)[:60]!r} is not an input; write {wanted}")
    return tuple(_decoded(value, where))


def input_to_record(args: tuple[Plain, ...], kind: str) -> Any:
    """What `input_from_record` reads back."""
    return args[0] if kind == "stdin" else [encode(arg) for arg in args]


def _stdin(record: Mapping[str, Any], where: Where) -> tuple[tuple[Plain, ...], Plain]:
    return (maybe_text(record.get("stdin"), where / "stdin"),), maybe_text(record.get("stdout"), where / "stdout")


def _call(record: Mapping[str, Any], entry: str, where: Where) -> tuple[tuple[Plain, ...], Plain]:
    if "call" in record:
        return _arguments(record["call"], entry, where / "call"), _literal(record.get("returns"), where / "returns")
    if not isinstance(record.get("args"), list) or "expected" not in record:
        fail(where, "has no input and answer; write call = 'f(1, 2)' and returns = '3' (or args and expected)")
    return tuple(_decoded(record["args"], where / "args")), _decoded(record["expected"], where / "expected")


def _decoded(value: Any, where: Where) -> Plain:
    try:
        return decode(value)
    except (ValueError, RecursionError) as error:
        fail(where, str(error))


_BAD_LITERAL = (ValueError, TypeError, SyntaxError, RecursionError, MemoryError)


def _literal(text: Any, where: Where) -> Plain:
    try:
        return ast.literal_eval(maybe_text(text, where))
    except _BAD_LITERAL:
        fail(where, f"{text!r} is not a Python literal; write for example '[1, 2]'")


def _arguments(text: Any, entry: str, where: Where) -> tuple[Plain, ...]:
    name = entry.rpartition(".")[2]
    try:
        tree = ast.parse(maybe_text(text, where), mode="eval").body
        if isinstance(tree, ast.Call) and ast.unparse(tree.func) in (name, entry) and not tree.keywords:
            return tuple(ast.literal_eval(arg) for arg in tree.args)
    except _BAD_LITERAL:
        pass
    return fail(where, f"{text!r} is not a call of {name} with literals; write for example '{name}([1, 2], 3)'")
