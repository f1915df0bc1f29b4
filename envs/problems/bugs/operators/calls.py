"""Mistakes around built-ins: a call forgotten, a copy missing, a sort key wrong, the wrong container."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from envs.problems.bugs.code import Code
from envs.problems.bugs.edits import Change, Splice
from envs.problems.bugs.precedence import PRODUCT, SIGN
from envs.problems.bugs.registry import operator, replaced, rewritten

COPIES = frozenset({"list", "dict", "set", "tuple", "copy", "deepcopy"})
CONVERSIONS = frozenset({"int", "str", "float", "abs", "sorted", "set", "frozenset", "bool", "ord", "isqrt"})
TEXT_STEPS = frozenset({"strip", "lstrip", "rstrip", "lower", "upper", "casefold", "title", "splitlines"})


def _name(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _method(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


@operator("call-dropped", "call", ast.Call)
def call_dropped(node: ast.Call, code: Code) -> Iterator[Change]:
    """A conversion is forgotten: `abs`, `int`, `set`, `sorted`."""
    if _name(node) in CONVERSIONS and len(node.args) >= 1 and not isinstance(node.args[0], ast.GeneratorExp):
        yield replaced(code, node, code.of(node.args[0]))


@operator("copy-missing", "call", ast.Call, ast.Subscript)
def copy_missing(node: ast.Call | ast.Subscript, code: Code) -> Iterator[Change]:
    """Two names share one list or dictionary, because the copy is forgotten."""
    match node:
        case ast.Subscript(slice=ast.Slice(lower=None, upper=None, step=None), ctx=ast.Load()):
            yield replaced(code, node, code.of(node.value))
        case ast.Call(func=ast.Attribute(attr="copy", value=value), args=[]):
            yield replaced(code, node, code.of(value))
        case ast.Call(func=ast.Name(id=name), args=[ast.Name() as value]) if name in COPIES:
            yield replaced(code, node, value.id)
        case ast.Call(func=ast.Attribute(attr="deepcopy"), args=[value]):
            yield replaced(code, node, f"list({code.of(value)})")


@operator("rows-shared", "call", ast.ListComp)
def rows_shared(node: ast.ListComp, code: Code) -> Iterator[Change]:
    """The rows of a table are one and the same list."""
    match node:
        case ast.ListComp(
            elt=ast.BinOp(left=ast.List(), op=ast.Mult()) | ast.List(elts=[]) as row,
            generators=[ast.comprehension(iter=ast.Call(func=ast.Name(id="range"), args=[count]), ifs=[])],
        ):
            yield replaced(code, node, f"[{code.of(row)}] * {code.operand(count, SIGN)}")


@operator("rounding", "call", ast.Call)
def rounding(node: ast.Call, code: Code) -> Iterator[Change]:
    """Rounding, cutting off and rounding down are mixed up."""
    if _name(node) == "round" and node.args:
        yield replaced(code, node.func, "int")
    elif _name(node) == "int" and node.args and isinstance(node.args[0], ast.BinOp):
        yield replaced(code, node.func, "round")
    elif _name(node) == "divmod" and len(node.args) == 2:
        yield replaced(code, node, f"divmod({code.of(node.args[1])}, {code.of(node.args[0])})")


@operator("text-step-dropped", "call", ast.Call)
def text_step_dropped(node: ast.Call, code: Code) -> Iterator[Change]:
    """A text is not stripped, or its case not made equal."""
    if _method(node) in TEXT_STEPS and isinstance(node.func, ast.Attribute):
        yield replaced(code, node, code.of(node.func.value))


@operator("split-kind", "call", ast.Call)
def split_kind(node: ast.Call, code: Code) -> Iterator[Change]:
    """`split()` and `split(" ")` are mixed up, which differ where spaces follow one another."""
    if _method(node) == "split" and not node.args and not node.keywords:
        yield from rewritten((code.end(node) - 1, code.end(node)), '" ")')
    elif _method(node) == "replace" and len(node.args) == 2:
        yield from rewritten((code.end(node.args[1]), code.end(node.args[1])), ", 1")


@operator("sort-dropped", "call", ast.Call)
def sort_dropped(node: ast.Call, code: Code) -> Iterator[Change]:
    """Values stay in the order in which they came."""
    if _name(node) == "sorted" and node.args:
        yield replaced(code, node, f"list({code.of(node.args[0])})")


@operator("sort-reversed", "call", ast.Call)
def sort_reversed(node: ast.Call, code: Code) -> Iterator[Change]:
    """Values are sorted the wrong way round."""
    if (_name(node) == "sorted" or _method(node) == "sort") and "reverse" not in [key.arg for key in node.keywords]:
        end = code.end(node) - 1
        comma = ", " if node.args or node.keywords else ""
        yield from rewritten((end, end), f"{comma}reverse=True")


@operator("tie-break", "call", ast.Lambda)
def tie_break(node: ast.Lambda, code: Code) -> Iterator[Change]:
    """Ties are broken the wrong way: a part of a sort key is forgotten, turned round or out of order."""
    if not isinstance(node.body, ast.Tuple) or len(node.body.elts) < 2:
        return
    first, second = node.body.elts[:2]
    yield replaced(code, node.body, code.of(first))
    yield replaced(code, node.body, f"({code.of(second)}, {code.of(first)})")
    for part in (first, second):
        negative = isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.USub)
        if not negative:
            yield replaced(code, part, f"-{code.operand(part, SIGN)}")


@operator("key-sign", "call", ast.Lambda)
def key_sign(node: ast.Lambda, code: Code) -> Iterator[Change]:
    """A sort key has the wrong sign."""
    if isinstance(node.body, ast.Subscript | ast.Call | ast.Attribute):
        yield replaced(code, node.body, f"-{code.of(node.body)}")


@operator("container-choice", "call", ast.Call)
def container_choice(node: ast.Call, code: Code) -> Iterator[Change]:
    """A list is taken where duplicates must go, or a set where they must stay."""
    if _name(node) in {"set", "frozenset", "Counter"} and len(node.args) == 1:
        yield replaced(code, node.func, "list" if _name(node) != "Counter" else "set")
    elif _name(node) in {"list", "sum", "sorted", "len"} and node.args and isinstance(node.args[0], ast.Name):
        yield replaced(code, node.args[0], f"set({node.args[0].id})")


@operator("default-of-get", "call", ast.Call)
def default_of_get(node: ast.Call, code: Code) -> Iterator[Change]:
    """A dictionary's default for missing keys is wrong."""
    if _method(node) in {"get", "pop", "setdefault"} and len(node.args) == 2:
        key, default = node.args
        for text in ("1", "-1"):
            if isinstance(default, ast.Constant | ast.UnaryOp) and code.of(default) != text:
                yield replaced(code, default, text)
        if isinstance(node.func, ast.Attribute):
            yield replaced(code, node, f"{code.operand(node.func.value, PRODUCT)}[{code.of(key)}]")


@operator("spread-dropped", "call", ast.Starred)
def spread_dropped(node: ast.Starred, code: Code) -> Iterator[Change]:
    """A list is passed as one value where its elements are meant."""
    if isinstance(code.parent(node), ast.Call):
        yield (Splice(code.start(node), code.end(node), code.of(node.value)),)
