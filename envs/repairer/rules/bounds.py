"""Borders: comparisons, ranges, slices, indexes and lengths that are one off, or start or end at the wrong place."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from envs.problems.bugs.code import Code
from envs.problems.bugs.edits import Change, Splice
from envs.problems.bugs.precedence import SIGN, SUM, level
from envs.repairer.rules.registry import over, put, put_node, rule
from envs.repairer.view import View

EDGE = "edge_case_check"
BOUNDARY = {ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">"}


def shifts(code: Code, node: ast.expr) -> Iterator[tuple[str, int]]:
    """The texts of an expression one smaller and one larger, and how tightly they bind."""
    match node:
        case ast.Constant(value=int() as number) if not isinstance(number, bool):
            yield str(number - 1), SIGN if number < 1 else level(node)
            yield str(number + 1), level(node)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as number)):
            yield str(-number - 1), SIGN
            yield str(1 - number), SIGN
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as sign, right=ast.Constant(value=int() as by)):
            plus = isinstance(sign, ast.Add)
            for amount in ((by if plus else -by) - 1, (by if plus else -by) + 1):
                text = f"{code.of(left)} {'-' if amount < 0 else '+'} {abs(amount)}"
                yield (text, SUM) if amount else (code.of(left), level(left))
        case ast.BinOp(left=ast.Constant(value=1), op=ast.Add(), right=right):
            yield code.of(right), level(right)
        case _:
            yield f"{code.operand(node, SUM)} - 1", SUM
            yield f"{code.operand(node, SUM)} + 1", SUM


def shifted(code: Code, node: ast.expr) -> Iterator[Change]:
    """The changes that make an expression one smaller or larger."""
    for text, binds in shifts(code, node):
        yield put(code, node, text, binds)


def calls(node: ast.Call, *names: str) -> bool:
    """Whether a node calls one of these functions, without keywords."""
    return isinstance(node.func, ast.Name) and node.func.id in names and not node.keywords


@rule("boundary", EDGE, 3, ast.Compare)
def boundary(node: ast.Compare, view: View) -> Iterator[Change]:
    """The border value belongs to the other side."""
    operands = [node.left, *node.comparators]
    for sign, left, right in zip(node.ops, operands, operands[1:], strict=False):
        if type(sign) in BOUNDARY:
            yield from over(view.code.sign_between(left, right), BOUNDARY[type(sign)])


@rule("compared-one-off", EDGE, 2, ast.Compare)
def compared_one_off(node: ast.Compare, view: View) -> Iterator[Change]:
    """The value compared with is one off."""
    operands = [node.left, *node.comparators]
    for place, (sign, right) in enumerate(zip(node.ops, node.comparators, strict=True)):
        if isinstance(sign, ast.Lt | ast.LtE | ast.Gt | ast.GtE | ast.Eq | ast.NotEq):
            if numeric(right, view):
                yield from shifted(view.code, right)
            left = operands[place]
            if isinstance(left, ast.BinOp | ast.Call) and numeric(left, view):
                yield from shifted(view.code, left)


def numeric(node: ast.expr, view: View) -> bool:
    """Whether a node may be a number, as far as one can see."""
    match node:
        case ast.Constant(value=value):
            return type(value) is int
        case ast.Name(id=name):
            kinds = view.kinds.get(name)
            return not kinds or bool(kinds & {"int", "float", "bool"})
        case ast.Call(func=ast.Name(id=name)):
            return name not in {"sorted", "list", "set", "str", "tuple", "dict", "reversed", "bool", "any", "all"}
        case ast.BinOp() | ast.UnaryOp(op=ast.USub()) | ast.Subscript() | ast.Attribute() | ast.Call():
            return True
    return False


@rule("range-end", EDGE, 3, ast.Call)
def range_end(node: ast.Call, view: View) -> Iterator[Change]:
    """A range ends too early or too late."""
    if calls(node, "range") and node.args:
        yield from shifted(view.code, node.args[0] if len(node.args) == 1 else node.args[1])


@rule("range-start", EDGE, 2.5, ast.Call)
def range_start(node: ast.Call, view: View) -> Iterator[Change]:
    """A range starts at the wrong place."""
    code = view.code
    if not calls(node, "range"):
        return
    if len(node.args) == 1:
        yield put(code, node.args[0], f"1, {code.of(node.args[0])}", SUM)
        yield put(code, node.args[0], f"1, {code.operand(node.args[0], SUM)} + 1", SUM)
    if len(node.args) > 1:
        yield from shifted(code, node.args[0])
    if len(node.args) == 2:
        yield (Splice(code.start(node.args[0]), code.start(node.args[1]), ""),)


@rule("range-start-from-loop", EDGE, 1.5, ast.Call)
def range_start_from_loop(node: ast.Call, view: View) -> Iterator[Change]:
    """An inner range starts (or ends) where the outer loop is."""
    code = view.code
    if not calls(node, "range") or not 1 <= len(node.args) <= 2:
        return
    for outer in outer_variables(node, view):
        if len(node.args) == 1:
            for text in (outer, f"{outer} + 1"):
                yield put(code, node.args[0], f"{text}, {code.of(node.args[0])}", SUM)
        else:
            for text in (outer, f"{outer} + 1"):
                yield put(code, node.args[0], text, SUM)
        for text in (outer, f"{outer} + 1"):
            yield put(code, node.args[-1], text, SUM)


def outer_variables(node: ast.AST, view: View) -> Iterator[str]:
    """The variables of the loops and comprehensions around a node."""
    for up in view.code.above(node):
        if isinstance(up, ast.For) and isinstance(up.target, ast.Name) and view.code.parent(node) is not up:
            yield up.target.id
        elif isinstance(up, ast.ListComp | ast.GeneratorExp | ast.SetComp):
            for part in up.generators:
                if isinstance(part.target, ast.Name) and node is not part.iter:
                    yield part.target.id
        elif isinstance(up, ast.FunctionDef):
            return


@rule("range-step", EDGE, 1.5, ast.Call)
def range_step(node: ast.Call, view: View) -> Iterator[Change]:
    """A range has the wrong step, or runs the wrong way."""
    code = view.code
    if not calls(node, "range") or not node.args:
        return
    if len(node.args) == 3:
        end, step = node.args[1], node.args[2]
        yield (Splice(code.end(end), code.end(step), ""),)
        yield from shifted(code, step)
        return
    inner = code.of(node)
    yield put(code, node, f"reversed({inner})")
    last = node.args[-1]
    for number in [each for each in view.numbers if each > 1][:3]:
        start = "" if len(node.args) == 2 else "0, "
        yield put(code, last, f"{start}{code.of(last)}, {number}", SUM)


@rule("slice-bound", EDGE, 2.5, ast.Slice)
def slice_bound(node: ast.Slice, view: View) -> Iterator[Change]:
    """A slice starts or ends one place off."""
    for bound in (node.lower, node.upper):
        if bound is not None:
            yield from shifted(view.code, bound)


@rule("slice-bound-dropped", EDGE, 2, ast.Subscript)
def slice_bound_dropped(node: ast.Subscript, view: View) -> Iterator[Change]:
    """A slice takes too little; one of its bounds, or the slice, is not needed."""
    code = view.code
    if not isinstance(node.slice, ast.Slice):
        return
    for bound in (node.slice.lower, node.slice.upper):
        if bound is not None and not code.enclosed(bound):
            yield (Splice(code.start(bound), code.end(bound), ""),)
    yield put_node(code, node, node.value)


@rule("slice-bound-added", EDGE, 1.5, ast.Subscript)
def slice_bound_added(node: ast.Subscript, view: View) -> Iterator[Change]:
    """A slice goes on to the end (or from the start) where it should be cut."""
    code = view.code
    match node.slice:
        case ast.Slice(lower=None, upper=None):
            bounds = [("1", ""), ("", "-1")]
        case ast.Slice(lower=ast.expr() as lower, upper=None):
            bounds = [(code.of(lower), text) for text in ("-1", *_near(node, view))]
        case ast.Slice(lower=None, upper=ast.expr() as upper):
            bounds = [(text, code.of(upper)) for text in ("1", *_near(node, view))]
        case _:
            return
    step = f":{code.of(node.slice.step)}" if isinstance(node.slice, ast.Slice) and node.slice.step else ""
    for low, high in bounds:
        yield put(code, node, f"{code.of(node.value)}[{low}:{high}{step}]")


def _near(node: ast.AST, view: View) -> list[str]:
    """Variables that may be a place in a sequence, and the places next to them."""
    names = [name for name in view.variables(node) if view.kinds.get(name) == frozenset({"int"})][:4]
    return [text for name in names for text in (name, f"{name} + 1")]


@rule("slice-step", EDGE, 1, ast.Subscript)
def slice_step(node: ast.Subscript, view: View) -> Iterator[Change]:
    """A slice has a step too many or too few."""
    code = view.code
    if not isinstance(node.slice, ast.Slice):
        return
    if node.slice.step is not None:
        yield (Splice(code.start(node.slice.step), code.end(node.slice.step), ""),)
        yield from shifted(code, node.slice.step)
    else:
        low = code.of(node.slice.lower) if node.slice.lower else ""
        high = code.of(node.slice.upper) if node.slice.upper else ""
        for step in ("2", "-1"):
            yield put(code, node, f"{code.of(node.value)}[{low}:{high}:{step}]")


@rule("index-shift", EDGE, 2.5, ast.Subscript)
def index_shift(node: ast.Subscript, view: View) -> Iterator[Change]:
    """The element next to the right one is used."""
    code, index = view.code, node.slice
    if isinstance(index, ast.Slice | ast.Tuple):
        return
    if isinstance(index, ast.Constant) and type(index.value) is int:
        for number in (-1, 0, index.value + 1, index.value - 1):
            if number != index.value:
                yield put(code, index, str(number), SIGN)
    elif isinstance(index, ast.UnaryOp) and code.of(index) in {"-1", "-2", "-3"}:
        for text in ("0", "-1", "-2", "-3"):
            if text != code.of(index):
                yield put(code, index, text, SIGN)
    elif numeric(index, view):
        yield from shifted(code, index)


@rule("first-or-last-skipped", EDGE, 1.5, ast.For, ast.comprehension)
def first_or_last_skipped(node: ast.For | ast.comprehension, view: View) -> Iterator[Change]:
    """A loop must leave out the first or the last element."""
    if isinstance(node.iter, ast.Name | ast.Attribute):
        for text in ("[1:]", "[:-1]"):
            yield put(view.code, node.iter, view.code.of(node.iter) + text)


@rule("length-shift", EDGE, 2, ast.Call)
def length_shift(node: ast.Call, view: View) -> Iterator[Change]:
    """A length is taken as one less or one more than it should be."""
    if calls(node, "len"):
        yield from shifted(view.code, node)


@rule("one-too-many", EDGE, 2.5, ast.BinOp)
def one_too_many(node: ast.BinOp, view: View) -> Iterator[Change]:
    """One too much is added or taken away."""
    match node:
        case ast.BinOp(op=ast.Add() | ast.Sub(), right=ast.Constant(value=int())):
            yield put_node(view.code, node, node.left)
            yield from shifted(view.code, node)
        case ast.BinOp(left=ast.Constant(value=int()), op=ast.Add()):
            yield put_node(view.code, node, node.right)


@rule("one-missing", EDGE, 1.5, ast.Return, ast.Assign, ast.AugAssign)
def one_missing(node: ast.Return | ast.Assign | ast.AugAssign, view: View) -> Iterator[Change]:
    """A computed number is one off."""
    value = node.value
    if value is None or isinstance(value, ast.Constant) or not numeric(value, view):
        return
    if not isinstance(value, ast.BinOp) or not isinstance(value.right, ast.Constant):
        yield from shifted(view.code, value)


@rule("argument-one-off", EDGE, 1, ast.Call)
def argument_one_off(node: ast.Call, view: View) -> Iterator[Change]:
    """An argument is one off."""
    if calls(node, "range", "len", "int", "str", "float", "print", "ord", "abs"):
        return
    for argument in node.args:
        if isinstance(argument, ast.Name | ast.BinOp | ast.Constant | ast.Subscript) and numeric(argument, view):
            yield from shifted(view.code, argument)


@rule("enumerate-start", EDGE, 1.5, ast.Call)
def enumerate_start(node: ast.Call, view: View) -> Iterator[Change]:
    """Counting starts at the wrong number."""
    code = view.code
    if not (isinstance(node.func, ast.Name) and node.func.id == "enumerate") or not node.args:
        return
    if len(node.args) == 2 or node.keywords:
        start = node.args[1] if len(node.args) == 2 else node.keywords[0].value
        yield (Splice(code.end(node.args[0]), code.end(start), ""),)
        yield from shifted(code, start)
    else:
        yield put(code, node.args[0], f"{code.of(node.args[0])}, 1")
