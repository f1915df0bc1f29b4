"""Mistakes in ranges, slices and indexes: the bound, the start, the step, the end of the list."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from envs.problems.bugs.code import Code
from envs.problems.bugs.edits import Change, Splice
from envs.problems.bugs.precedence import SUM
from envs.problems.bugs.registry import operator, replaced

ONE_OFF = ("- 1", "+ 1")


def shifts(node: ast.expr, code: Code) -> Iterator[str]:
    """The texts of an expression one smaller and one larger, written as a person would."""
    match node:
        case ast.Constant(value=int() as number):
            yield from (str(number - 1), str(number + 1))
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as sign, right=ast.Constant(value=1)):
            yield code.of(left)
            yield f"{code.operand(left, SUM)} {'+' if isinstance(sign, ast.Add) else '-'} 2"
        case _:
            yield from (f"{code.operand(node, SUM)} {text}" for text in ONE_OFF)


def _is_call(node: ast.Call, *names: str) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id in names and not node.keywords


@operator("range-end", "sequence", ast.Call)
def range_end(node: ast.Call, code: Code) -> Iterator[Change]:
    """A range ends one too early or one too late."""
    if _is_call(node, "range") and node.args:
        end = node.args[0] if len(node.args) == 1 else node.args[1]
        for text in shifts(end, code):
            yield replaced(code, end, text)


@operator("range-start", "sequence", ast.Call)
def range_start(node: ast.Call, code: Code) -> Iterator[Change]:
    """A range starts at the wrong place, or always at zero."""
    if not _is_call(node, "range"):
        return
    if len(node.args) == 1:
        yield replaced(code, node.args[0], f"1, {code.of(node.args[0])}")
        return
    if len(node.args) > 1:
        for text in shifts(node.args[0], code):
            yield replaced(code, node.args[0], text)
    if len(node.args) == 2:
        yield (Splice(code.start(node.args[0]), code.start(node.args[1]), ""),)


@operator("range-step", "sequence", ast.Call)
def range_step(node: ast.Call, code: Code) -> Iterator[Change]:
    """The step of a range is forgotten or wrong."""
    if _is_call(node, "range") and len(node.args) == 3:
        end, step = node.args[1], node.args[2]
        yield (Splice(code.end(end), code.end(step), ""),)
        if not isinstance(step, ast.Constant | ast.UnaryOp):
            yield replaced(code, step, f"{code.operand(step, SUM)} + 1")


@operator("slice-bound", "sequence", ast.Slice)
def slice_bound(node: ast.Slice, code: Code) -> Iterator[Change]:
    """A slice starts or ends one place off."""
    for bound in (node.lower, node.upper):
        if bound is not None:
            for text in shifts(bound, code):
                yield replaced(code, bound, text)


@operator("slice-bound-dropped", "sequence", ast.Slice)
def slice_bound_dropped(node: ast.Slice, code: Code) -> Iterator[Change]:
    """A slice takes everything on one side."""
    for bound in (node.lower, node.upper):
        if bound is not None and not code.enclosed(bound):
            yield (Splice(code.start(bound), code.end(bound), ""),)


@operator("slice-step", "sequence", ast.Slice)
def slice_step(node: ast.Slice, code: Code) -> Iterator[Change]:
    """The step of a slice is forgotten."""
    if node.step is not None:
        yield (Splice(code.start(node.step), code.end(node.step), ""),)


@operator("index-shift", "sequence", ast.Subscript)
def index_shift(node: ast.Subscript, code: Code) -> Iterator[Change]:
    """An element next to the right one is used."""
    index = node.slice
    plain = isinstance(index, ast.Name | ast.BinOp)
    last = isinstance(index, ast.UnaryOp) and code.of(index) == "-1"
    if plain and not isinstance(code.parent(node), ast.AnnAssign | ast.arg):
        for text in shifts(index, code):
            yield replaced(code, index, text)
    elif last:
        for text in ("0", "-2"):
            yield replaced(code, index, text)
    elif isinstance(index, ast.Constant) and index.value == 0:
        yield replaced(code, index, "-1")


@operator("indexes-swapped", "sequence", ast.Subscript)
def indexes_swapped(node: ast.Subscript, code: Code) -> Iterator[Change]:
    """Row and column change places."""
    match node:
        case ast.Subscript(value=ast.Subscript(slice=first), slice=second) if not isinstance(
            first, ast.Slice
        ) and not isinstance(second, ast.Slice):
            yield (*replaced(code, first, code.of(second)), *replaced(code, second, code.of(first)))


@operator("length-off-by-one", "sequence", ast.Call)
def length_off_by_one(node: ast.Call, code: Code) -> Iterator[Change]:
    """A length is taken as one less or one more than it is."""
    if _is_call(node, "len"):
        for text in ONE_OFF:
            yield replaced(code, node, f"{code.of(node)} {text}")


@operator("enumerate-start", "sequence", ast.Call)
def enumerate_start(node: ast.Call, code: Code) -> Iterator[Change]:
    """Counting starts at one for zero, or at zero for one."""
    if not (isinstance(node.func, ast.Name) and node.func.id == "enumerate") or not node.args:
        return
    if len(node.args) == 2 or node.keywords:
        last = node.args[1] if len(node.args) == 2 else node.keywords[0].value
        yield (Splice(code.end(node.args[0]), code.end(last), ""),)
    else:
        yield replaced(code, node.args[0], f"{code.of(node.args[0])}, 1")


@operator("reverse-dropped", "sequence", ast.Call)
def reverse_dropped(node: ast.Call, code: Code) -> Iterator[Change]:
    """A sequence is walked forwards where it should be walked backwards."""
    if _is_call(node, "reversed") and len(node.args) == 1:
        yield replaced(code, node, code.of(node.args[0]))


@operator("first-skipped", "sequence", ast.For)
def first_skipped(node: ast.For, code: Code) -> Iterator[Change]:
    """A loop leaves out the first or the last element."""
    if isinstance(node.iter, ast.Name):
        for text in ("[1:]", "[:-1]"):
            yield replaced(code, node.iter, node.iter.id + text)
