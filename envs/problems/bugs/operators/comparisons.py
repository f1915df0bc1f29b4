"""Mistakes in comparisons: the wrong side of a boundary, the wrong direction, half of a chain forgotten."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from envs.problems.bugs.code import Code
from envs.problems.bugs.edits import Change
from envs.problems.bugs.precedence import SUM
from envs.problems.bugs.registry import operator, replaced, rewritten

BOUNDARY = {ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">"}
DIRECTION = {ast.Lt: ">", ast.LtE: ">=", ast.Gt: "<", ast.GtE: "<="}
ORDER = {ast.Eq: (">=", "<="), ast.NotEq: ("<", ">")}
NEGATION = {ast.Eq: "!=", ast.NotEq: "=="}
MEMBERSHIP = {ast.In: "not in", ast.NotIn: "in"}
IDENTITY = {ast.Is: "is not", ast.IsNot: "is"}


def _signs(node: ast.Compare, code: Code) -> Iterator[tuple[type[ast.cmpop], tuple[int, int] | None]]:
    operands = [node.left, *node.comparators]
    for sign, left, right in zip(node.ops, operands, operands[1:], strict=False):
        yield type(sign), code.sign_between(left, right)


@operator("boundary", "comparison", ast.Compare)
def boundary(node: ast.Compare, code: Code) -> Iterator[Change]:
    """The border value falls on the wrong side: < for <=, >= for >."""
    for sign, place in _signs(node, code):
        if sign in BOUNDARY:
            yield from rewritten(place, BOUNDARY[sign])


@operator("direction", "comparison", ast.Compare)
def direction(node: ast.Compare, code: Code) -> Iterator[Change]:
    """Less and greater are mixed up."""
    for sign, place in _signs(node, code):
        if sign in DIRECTION:
            yield from rewritten(place, DIRECTION[sign])


@operator("equal-as-order", "comparison", ast.Compare)
def equal_as_order(node: ast.Compare, code: Code) -> Iterator[Change]:
    """A test for equality becomes a test for order."""
    for sign, place in _signs(node, code):
        for text in ORDER.get(sign, ()):
            yield from rewritten(place, text)


@operator("equality-negated", "comparison", ast.Compare)
def equality_negated(node: ast.Compare, code: Code) -> Iterator[Change]:
    """Equal and different are mixed up."""
    for sign, place in _signs(node, code):
        if sign in NEGATION:
            yield from rewritten(place, NEGATION[sign])


@operator("membership-negated", "comparison", ast.Compare)
def membership_negated(node: ast.Compare, code: Code) -> Iterator[Change]:
    """`in` and `not in` are mixed up."""
    for sign, place in _signs(node, code):
        if sign in MEMBERSHIP:
            yield from rewritten(place, MEMBERSHIP[sign])


@operator("identity-negated", "comparison", ast.Compare)
def identity_negated(node: ast.Compare, code: Code) -> Iterator[Change]:
    """`is` and `is not` are mixed up."""
    for sign, place in _signs(node, code):
        if sign in IDENTITY:
            yield from rewritten(place, IDENTITY[sign])


@operator("none-by-truth", "comparison", ast.Compare)
def none_by_truth(node: ast.Compare, code: Code) -> Iterator[Change]:
    """A test against None becomes a test of truth, so that 0 and empty values count as missing."""
    match node:
        case ast.Compare(ops=[ast.Is() | ast.Eq()], comparators=[ast.Constant(value=None)]):
            yield replaced(code, node, f"not {code.operand(node.left, SUM)}")
        case ast.Compare(ops=[ast.IsNot() | ast.NotEq()], comparators=[ast.Constant(value=None)]):
            yield replaced(code, node, code.of(node.left))


@operator("chain-halved", "comparison", ast.Compare)
def chain_halved(node: ast.Compare, code: Code) -> Iterator[Change]:
    """One half of a chained comparison is forgotten."""
    if len(node.ops) == 2:
        middle = node.comparators[0]
        yield replaced(code, node, code.text[code.start(node) : code.end(middle)])
        yield replaced(code, node, code.text[code.start(middle) : code.end(node)])


@operator("compare-off-by-one", "comparison", ast.Compare)
def compare_off_by_one(node: ast.Compare, code: Code) -> Iterator[Change]:
    """The value compared with is one too small or one too large."""
    for sign, right in zip(node.ops, node.comparators, strict=True):
        numeric = isinstance(sign, ast.Lt | ast.LtE | ast.Gt | ast.GtE) and not isinstance(right, ast.Constant)
        if numeric and isinstance(right, ast.Name | ast.Call | ast.BinOp | ast.Subscript):
            for text in ("- 1", "+ 1"):
                yield replaced(code, right, f"{code.operand(right, SUM)} {text}")


@operator("compare-swapped", "comparison", ast.Compare)
def compare_swapped(node: ast.Compare, code: Code) -> Iterator[Change]:
    """Substring or subset asked the wrong way round: `a in b` for `b in a`."""
    match node:
        case ast.Compare(left=ast.Name() as left, ops=[ast.In() | ast.NotIn()], comparators=[ast.Name() as right]):
            yield (*replaced(code, left, right.id), *replaced(code, right, left.id))
