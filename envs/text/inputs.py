"""Inputs and answers given as data or as text, brought into the form of the function or script under test.

Promises: a table of arguments by name, a list of arguments, and the single value of a function with one parameter
are told apart by the signature, the declared type deciding where both readings fit. A string for a function that takes
one is that string, but where it is code that says which: `s = "abc"` or `solve("abc")`. Does not promise to read a
list for a function whose signature is not known otherwise than as its arguments.
"""

from __future__ import annotations

import ast
import re
from typing import Any

from envs.problems.plain import Plain, decode
from envs.text.asserts import answer_checked
from envs.text.found import ReadError, quote
from envs.text.literals import checked, parsed, read_literal, value_of
from envs.text.scan import bracket_end
from envs.text.script import script_text
from envs.text.signature import Callee, cast, declared, equal_number, fits, is_text

Args = tuple[Plain, ...]

_GROUPED = re.compile(r"\s*[+-]?[1-9]\d{0,2}(?:,\d{3})+(?!,?\d)")
"""A number with its thousands divided, as people write it."""


def args_from_data(value: Any, callee: Callee, listed: bool = False) -> Args:
    """The arguments that a value from JSON means; `listed`: its key says that it is a list of arguments."""
    if isinstance(value, str) and (not _takes_text(callee) or _is_code(value, callee)):
        return args_from_text(value, callee)
    value = plain_data(value)
    if isinstance(value, dict) and callee.names and value and set(value) <= set(callee.names):
        return _cast_args(callee.bind((), value), callee)
    if callee.only is not None and not (listed and isinstance(value, list)):
        return _cast_args((_single(value, callee.only.annotation),), callee)
    if isinstance(value, list | tuple):
        return _cast_args(callee.bind(value, {}), callee)
    if isinstance(value, dict) and callee.parameters is not None and len(callee.parameters) > 1:
        return callee.bind((), {str(name): item for name, item in value.items()})
    return _cast_args(callee.bind((value,), {}), callee)


def _takes_text(callee: Callee) -> bool:
    """Whether the only argument is a string, so that a text may be it as it stands."""
    return callee.only is not None and is_text(callee.only.annotation)


def _is_code(text: str, callee: Callee) -> bool:
    """Whether a text calls the function, or gives its only parameter a value: `s = "abc"`."""
    call = rf"(?:[\w.()]+\.)?(?:{re.escape(callee.name)}|candidate)\("
    return bool(re.match(rf"\s*(?:{call}|{re.escape(''.join(callee.names))}\s*[=:])", text))


def _single(value: Plain, annotation: ast.expr | None) -> Plain:
    """The argument itself, or the one item of a list of arguments, whichever is of the declared type."""
    if isinstance(value, list) and len(value) == 1 and not fits(value, annotation) and fits(value[0], annotation):
        return value[0]
    return value


def _cast_args(args: Args, callee: Callee) -> Args:
    parameters = callee.parameters or ()
    kinds = [parameter.annotation for parameter in parameters] + [None] * len(args)
    return tuple(cast(arg, kind) for arg, kind in zip(args, kinds, strict=False))


def plain_data(value: Any) -> Plain:
    """The plain data that a value from JSON says, with the marks of `envs.problems.plain`."""
    try:
        return checked(decode(checked(value)))
    except (ValueError, TypeError, RecursionError) as problem:
        raise ReadError(str(problem)) from None


def args_from_text(text: str, callee: Callee) -> Args:
    """The arguments that a text says: a call, `nums = [1], k = 2`, values between commas or on lines, or JSON."""
    raw = (str(checked(text)),) if _takes_text(callee) else None
    text = text.strip()
    tree = _tree(f"f({text}\n)", "eval") or _tree(text, "exec")
    try:
        if tree is None:
            raise ReadError(f"the input {quote(text)} is not a list of values; write it as in `{callee.example}`")
        args = _from_call(tree, callee) if isinstance(tree, ast.Call) else _from_statements(tree, callee)
    except ReadError:
        if raw is None:
            raise
        return raw
    return raw if raw and args and not isinstance(args[0], str) else args


def _tree(text: str, mode: str) -> Any:
    """The outer call, or the statements; None when it is no Python."""
    try:
        return parsed(text, mode).body
    except ReadError:
        return None


def _from_call(outer: ast.Call, callee: Callee) -> Args:
    match outer:
        case ast.Call(args=[ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) as inner], keywords=[]):
            if name in (callee.name, "candidate"):
                return _from_call_args(inner, callee)
        case ast.Call(args=[ast.Dict() as table], keywords=[]):
            return args_from_data(value_of(table), callee)
        case ast.Call(args=[ast.List() as items], keywords=[]) if callee.only is None:
            values = value_of(items)
            if len(values) != 1 and callee.parameters is not None:
                return callee.bind(values, {})
    return _from_call_args(outer, callee)


def _from_call_args(call: ast.Call, callee: Callee) -> Args:
    given = [value_of(arg) for arg in call.args]
    named = {str(keyword.arg): value_of(keyword.value) for keyword in call.keywords}
    return callee.bind(given, named)


def _from_statements(body: list[ast.stmt], callee: Callee) -> Args:
    """Lines of values, or of `name = value` (also `name: value`)."""
    given: list[Plain] = []
    named: dict[str, Plain] = {}
    for statement in body:
        match statement:
            case ast.Expr(value=value):
                given.append(value_of(value))
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                named[name] = value_of(value)
            case ast.AnnAssign(target=ast.Name(id=name), annotation=value, value=None):
                named[name] = value_of(value)
            case _:
                raise ReadError(f"the input {quote(ast.unparse(statement))} is not a value")
    return callee.bind(given, named)


def answer_from_data(value: Any, callee: Callee) -> Plain:
    """The answer that a value from JSON means; a string may hold a literal of the declared type."""
    if not callee.entry:
        return script_text(value)
    if not isinstance(value, str):
        return answer_checked(cast(plain_data(value), callee.returns))
    if callee.returns is None or is_text(callee.returns):
        return checked(value)
    try:
        return answer_checked(equal_number(read_literal(_ungrouped(value, callee)), callee.returns))
    except ReadError as problem:
        if fits("", callee.returns) is False:
            raise ReadError(f"the answer cannot be read: {problem}") from None
        return checked(value)


def literal_answer(text: str, callee: Callee) -> Plain:
    """The answer that a text says as a literal, what explains it behind it left out."""
    text = _ungrouped(text, callee)
    first: ReadError | None = None
    for attempt in dict.fromkeys((text, text.partition("\n\n")[0], text.partition("\n")[0], _leading(text))):
        try:
            return answer_checked(equal_number(read_literal(attempt), callee.returns))
        except ReadError as problem:
            first = first or problem
    raise ReadError(f"the answer cannot be read: {first}")


def _ungrouped(text: str, callee: Callee) -> str:
    """The text, where it begins with `1,000` and a number is declared with 1000: for Python that is a pair."""
    grouped = _GROUPED.match(text) if declared(callee.returns)[0] in ("int", "float") else None
    return grouped[0].replace(",", "") + text[grouped.end() :] if grouped else text


def _leading(text: str) -> str:
    """The value that a text begins with, as far as its brackets, its quotes or its first word go."""
    if text[:1] in ("[", "(", "{"):
        return text[: max(0, bracket_end(text, 0))]
    quoted = re.match(r""""(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", text)
    return quoted[0] if quoted else text.split(maxsplit=1)[0].rstrip("`.,;:*") if text.strip() else ""
