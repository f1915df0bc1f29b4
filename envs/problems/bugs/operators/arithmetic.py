"""Mistakes in arithmetic: the wrong sign, the wrong division, an operand or its parentheses forgotten."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from envs.problems.bugs.code import Code
from envs.problems.bugs.edits import Change, Splice
from envs.problems.bugs.precedence import ATOM, PRODUCT, SIGN, level
from envs.problems.bugs.registry import operator, replaced, rewritten

SWAPS: dict[type[ast.operator], tuple[str, ...]] = {
    ast.Add: ("-",),
    ast.Sub: ("+",),
    ast.Mult: ("+",),
    ast.FloorDiv: ("%",),
    ast.Mod: ("//",),
    ast.Div: ("*",),
    ast.Pow: ("*",),
}
BITS: dict[type[ast.operator], tuple[str, ...]] = {
    ast.BitAnd: ("|", "^"),
    ast.BitOr: ("&", "^"),
    ast.BitXor: ("|", "&"),
    ast.LShift: (">>",),
    ast.RShift: ("<<",),
}
ORDERED = ast.Sub | ast.FloorDiv | ast.Mod | ast.Div | ast.Pow | ast.LShift | ast.RShift


@operator("arithmetic-swap", "arithmetic", ast.BinOp)
def arithmetic_swap(node: ast.BinOp, code: Code) -> Iterator[Change]:
    """The wrong arithmetic operator is used."""
    for text in SWAPS.get(type(node.op), ()):
        yield from rewritten(code.sign_between(node.left, node.right), text)


@operator("bitwise-swap", "arithmetic", ast.BinOp)
def bitwise_swap(node: ast.BinOp, code: Code) -> Iterator[Change]:
    """The wrong bit or set operator is used."""
    for text in BITS.get(type(node.op), ()):
        yield from rewritten(code.sign_between(node.left, node.right), text)


@operator("division-kind", "arithmetic", ast.BinOp)
def division_kind(node: ast.BinOp, code: Code) -> Iterator[Change]:
    """Floor, true, truncating and ceiling division are mixed up."""
    if not isinstance(node.op, ast.FloorDiv | ast.Div):
        return
    left, right = code.operand(node.left, PRODUCT), code.operand(node.right, SIGN)
    if isinstance(node.op, ast.Div):
        yield from rewritten(code.sign_between(node.left, node.right), "//")
        return
    yield from rewritten(code.sign_between(node.left, node.right), "/")
    yield replaced(code, node, f"int({left} / {right})")
    yield replaced(code, node, f"round({left} / {right})")
    yield replaced(code, node, f"-(-{code.operand(node.left, SIGN)} // {right})")


@operator("operand-dropped", "arithmetic", ast.BinOp)
def operand_dropped(node: ast.BinOp, code: Code) -> Iterator[Change]:
    """One side of an expression is forgotten: a modulus, a term, a factor."""
    if isinstance(node.left, ast.Constant) and isinstance(node.left.value, str):
        return
    yield replaced(code, node, code.of(node.left))
    if isinstance(node.op, ast.Add | ast.Mult | ast.BitAnd | ast.BitOr | ast.BitXor):
        yield replaced(code, node, code.of(node.right))


@operator("operands-swapped", "arithmetic", ast.BinOp)
def operands_swapped(node: ast.BinOp, code: Code) -> Iterator[Change]:
    """Both sides change places where the order matters."""
    tight = level(node.left) == level(node.right) == ATOM
    if isinstance(node.op, ORDERED) and (tight or isinstance(node.right, ast.Constant)):
        left, right = code.operand(node.left, ATOM), code.of(node.right)
        yield (
            Splice(code.start(node.left), code.end(node.left), right),
            Splice(code.start(node.right), code.end(node.right), left),
        )


@operator("sign-dropped", "arithmetic", ast.UnaryOp)
def sign_dropped(node: ast.UnaryOp, code: Code) -> Iterator[Change]:
    """A minus or a complement is forgotten."""
    if isinstance(node.op, ast.USub | ast.Invert):
        yield replaced(code, node, code.of(node.operand))


@operator("parentheses-dropped", "arithmetic", ast.BinOp)
def parentheses_dropped(node: ast.BinOp, code: Code) -> Iterator[Change]:
    """Parentheses are forgotten, so that the tighter operator takes only its neighbour."""
    for side in (node.left, node.right):
        start, end = code.outer(side)
        if isinstance(side, ast.BinOp) and start < code.start(side):
            yield (Splice(start, code.start(side), ""), Splice(code.end(side), end, ""))


@operator("one-too-many", "arithmetic", ast.Return, ast.Assign)
def one_too_many(node: ast.Return | ast.Assign, code: Code) -> Iterator[Change]:
    """A computed number is one too large or one too small."""
    value = node.value
    counted = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in COUNTING
    if value is not None and (counted or (isinstance(value, ast.BinOp) and isinstance(value.op, ARITHMETIC))):
        yield replaced(code, value, f"{code.of(value)} + 1")
        yield replaced(code, value, f"{code.of(value)} - 1")


COUNTING = frozenset({"len", "sum", "max", "min", "abs", "int"})
ARITHMETIC = ast.Sub | ast.FloorDiv | ast.Mult
