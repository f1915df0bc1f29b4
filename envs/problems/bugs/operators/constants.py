"""Mistakes in literals: off by one, a changed letter, an entry missing, an infinity too small."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from envs.problems.bugs.code import Code
from envs.problems.bugs.edits import Change, Splice
from envs.problems.bugs.precedence import SIGN
from envs.problems.bugs.registry import operator, replaced

LARGE = 10_000
QUOTES = ("'", '"')


def _quoted(node: ast.Constant, code: Code, content: str) -> Change | None:
    """The literal with other content, in its own quotes; None for long, raw or escaped literals."""
    text = code.of(node)
    if text[0] not in QUOTES or text.startswith((text[0] * 3,)) or "\\" in text or text[1:-1] != node.value:
        return None
    if text[0] in content or content == node.value:
        return None
    return replaced(code, node, f"{text[0]}{content}{text[0]}")


@operator("constant-off-by-one", "constant", ast.Constant)
def constant_off_by_one(node: ast.Constant, code: Code) -> Iterator[Change]:
    """A number is one too small or one too large."""
    if type(node.value) is int and node.value < LARGE:
        yield replaced(code, node, str(node.value + 1))
        yield replaced(code, node, str(node.value - 1))


@operator("constant-scaled", "constant", ast.Constant)
def constant_scaled(node: ast.Constant, code: Code) -> Iterator[Change]:
    """A digit or a zero is lost or doubled."""
    if type(node.value) is int and node.value >= 10:
        yield replaced(code, node, code.of(node)[:-1].rstrip("_"))
        yield replaced(code, node, f"{code.of(node)}0")


@operator("infinity-too-small", "constant", ast.Call, ast.Attribute, ast.BinOp)
def infinity_too_small(node: ast.Call | ast.Attribute | ast.BinOp, code: Code) -> Iterator[Change]:
    """A stand-in for infinity is smaller than some real values."""
    match node:
        case ast.Call(func=ast.Name(id="float"), args=[ast.Constant(value=str() as word)]) if "inf" in word:
            sign = "-" if word.startswith("-") else ""
        case ast.Attribute(value=ast.Name(id="math"), attr="inf"):
            sign = ""
        case ast.BinOp(left=ast.Constant(value=10), op=ast.Pow(), right=ast.Constant(value=int() as digits)):
            if digits < 5:
                return
            sign = ""
        case _:
            return
    for text in ("10", "100", "1000"):
        yield replaced(code, node, sign + text)


@operator("text-case", "constant", ast.Constant)
def text_case(node: ast.Constant, code: Code) -> Iterator[Change]:
    """A text has the wrong case."""
    if isinstance(node.value, str) and node.value.isascii():
        for content in (node.value.lower(), node.value.upper()):
            if change := _quoted(node, code, content):
                yield change


@operator("text-cut", "constant", ast.Constant)
def text_cut(node: ast.Constant, code: Code) -> Iterator[Change]:
    """A text, or a set of letters given as a text, lacks its first or last character."""
    if isinstance(node.value, str) and node.value:
        for content in dict.fromkeys((node.value[:-1], node.value[1:])):
            if change := _quoted(node, code, content):
                yield change


@operator("separator", "constant", ast.Constant)
def separator(node: ast.Constant, code: Code) -> Iterator[Change]:
    """A separator is the wrong one."""
    for content in {"": (" ",), " ": (", ",), ",": (", ",), ", ": (",",), "-": (" ",)}.get(str(node.value), ()):
        if isinstance(node.value, str) and (change := _quoted(node, code, content)):
            yield change


@operator("entry-missing", "constant", ast.List, ast.Tuple, ast.Set)
def entry_missing(node: ast.List | ast.Tuple | ast.Set, code: Code) -> Iterator[Change]:
    """One entry of a written-out table is missing."""
    if len(node.elts) < 3 or not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        return
    for entry, after in zip(node.elts, node.elts[1:], strict=False):
        if not code.enclosed(entry) and not code.enclosed(after):
            yield (Splice(code.start(entry), code.start(after), ""),)
    yield (Splice(code.end(node.elts[-2]), code.end(node.elts[-1]), ""),)


@operator("pair-missing", "constant", ast.Dict)
def pair_missing(node: ast.Dict, code: Code) -> Iterator[Change]:
    """One pair of a written-out dictionary is missing."""
    if len(node.keys) < 2 or None in node.keys:
        return
    starts = [code.start(key) for key in node.keys if key is not None]
    for start, after in zip(starts, starts[1:], strict=False):
        yield (Splice(start, after, ""),)
    yield (Splice(code.end(node.values[-2]), code.end(node.values[-1]), ""),)


@operator("values-swapped", "constant", ast.Dict)
def values_swapped(node: ast.Dict, code: Code) -> Iterator[Change]:
    """Two neighbouring values of a written-out dictionary change places."""
    for left, right in zip(node.values, node.values[1:], strict=False):
        if isinstance(left, ast.Constant) and isinstance(right, ast.Constant):
            yield (*replaced(code, left, code.of(right)), *replaced(code, right, code.of(left)))


@operator("sign-of-constant", "constant", ast.Constant)
def sign_of_constant(node: ast.Constant, code: Code) -> Iterator[Change]:
    """A number has the wrong sign."""
    negative = isinstance(code.parent(node), ast.UnaryOp)
    if type(node.value) is int and node.value == 1 and not negative:
        yield replaced(code, node, f"-{code.operand(node, SIGN)}")
