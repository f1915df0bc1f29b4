"""Mistakes with variables over time: the first value, the accumulator, the update, two assignments in one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from envs.problems.bugs.code import Code
from envs.problems.bugs.edits import Change, Splice
from envs.problems.bugs.layout import dropped
from envs.problems.bugs.registry import operator, replaced, rewritten

UPDATES: dict[type[ast.operator], str] = {
    ast.Add: "-=",
    ast.Sub: "+=",
    ast.Mult: "+=",
    ast.FloorDiv: "-=",
    ast.Mod: "-=",
    ast.BitOr: "&=",
    ast.BitAnd: "|=",
    ast.BitXor: "|=",
    ast.LShift: ">>=",
    ast.RShift: "<<=",
}


@operator("initial-value", "assignment", ast.Assign)
def initial_value(node: ast.Assign, code: Code) -> Iterator[Change]:
    """A variable starts with the wrong value."""
    target, value = node.targets[0], node.value
    if not isinstance(target, ast.Name) or code.loop(node) is not None:
        return
    match value:
        case ast.Subscript(slice=ast.Constant(value=0)) | ast.UnaryOp(operand=ast.Constant()):
            options = ["0"]
        case ast.Call(func=ast.Name(id="float"), args=[ast.Constant()]) | ast.Attribute(attr="inf"):
            options = ["0", "-1"]
        case ast.Constant(value=0):
            options = ["1", "-1"]
        case ast.Constant(value=None):
            options = ["0"]
        case ast.Call(func=ast.Name(id="max" | "min"), args=[ast.Name() as sequence]):
            options = [f"{sequence.id}[0]", "0"]
        case _:
            return
    for text in options:
        yield replaced(code, value, text)


@operator("first-element-unseen", "assignment", ast.Assign)
def first_element_unseen(node: ast.Assign, code: Code) -> Iterator[Change]:
    """A collection starts empty, or with something in it, where it should be the other way."""
    match node.value:
        case ast.List(elts=[only]) | ast.Set(elts=[only]) if not isinstance(only, ast.List):
            text = "[]" if isinstance(node.value, ast.List) else "set()"
            yield replaced(code, node.value, text)
        case ast.List(elts=[]):
            yield replaced(code, node.value, "[0]")
        case ast.Dict(keys=[ast.Constant()]):
            yield replaced(code, node.value, "{}")


@operator("update-sign", "assignment", ast.AugAssign)
def update_sign(node: ast.AugAssign, code: Code) -> Iterator[Change]:
    """A variable is updated with the wrong operator."""
    if (sign := _sign(node, code)) and type(node.op) in UPDATES:
        yield from rewritten(sign, UPDATES[type(node.op)])


@operator("accumulator-overwritten", "assignment", ast.AugAssign)
def accumulator_overwritten(node: ast.AugAssign, code: Code) -> Iterator[Change]:
    """The last value replaces the sum of all."""
    yield from rewritten(_sign(node, code), "=")


@operator("assignment-accumulates", "assignment", ast.Assign)
def assignment_accumulates(node: ast.Assign, code: Code) -> Iterator[Change]:
    """A value is added to the old one where it should replace it."""
    match node:
        case ast.Assign(targets=[ast.Name() | ast.Subscript()], value=ast.BinOp() | ast.Constant() | ast.Name()):
            if code.loop(node) and not code.enclosed(node.value):
                yield from rewritten((code.end(node.targets[0]), code.start(node.value)), " += ")


@operator("best-overwritten", "assignment", ast.Assign)
def best_overwritten(node: ast.Assign, code: Code) -> Iterator[Change]:
    """A new value always replaces the best one so far, or never does."""
    match node:
        case ast.Assign(targets=[target], value=ast.Call(func=ast.Name(id="max" | "min"), args=[first, second])):
            mine = ast.dump(target).replace("Store", "Load")
            for value in (first, second):
                if ast.dump(value) != mine:
                    yield replaced(code, node.value, code.of(value))


@operator("update-step", "assignment", ast.AugAssign)
def update_step(node: ast.AugAssign, code: Code) -> Iterator[Change]:
    """An update adds one where it should add a value, or the other way round."""
    if isinstance(node.op, ast.Add | ast.Sub) and not isinstance(node.value, ast.Constant):
        yield replaced(code, node.value, "1")


@operator("assigned-in-turn", "assignment", ast.Assign)
def assigned_in_turn(node: ast.Assign, code: Code) -> Iterator[Change]:
    """A simultaneous assignment is written as two, so that the second one sees the new value."""
    match node:
        case ast.Assign(targets=[ast.Tuple(elts=[first, second])], value=ast.Tuple(elts=[one, two])) if code.lines_of(
            node
        ):
            lines = [f"{code.of(first)} = {code.of(one)}", f"{code.of(second)} = {code.of(two)}"]
            joint = "\n" + code.indent(node)
            for order in (lines, lines[::-1]):
                yield (Splice(code.start(node), code.end(node), joint.join(order)),)


@operator("default-shared", "assignment", ast.Assign)
def default_shared(node: ast.Assign, code: Code) -> Iterator[Change]:
    """A local collection becomes a default argument, shared by all calls."""
    function = code.scope(node)
    empty = isinstance(node.value, ast.List | ast.Dict) and code.of(node.value) in {"[]", "{}"}
    fresh = empty or (isinstance(node.value, ast.Call) and code.of(node.value) in {"set()", "dict()", "list()"})
    if not fresh or isinstance(function, ast.Module) or code.parent(node) is not function:
        return
    arguments, target = function.args.args, node.targets[0]
    if arguments and not function.args.kwonlyargs and not function.args.vararg and isinstance(target, ast.Name):
        last = function.args.defaults[-1] if function.args.defaults else arguments[-1]
        assert last.end_lineno is not None
        assert last.end_col_offset is not None
        place = code.offset(last.end_lineno, last.end_col_offset)
        for gone in dropped(code, node):
            yield (Splice(place, place, f", {target.id}={code.of(node.value)}"), *gone)


@operator("state-reset-missed", "assignment", ast.Assign)
def state_reset_missed(node: ast.Assign, code: Code) -> Iterator[Change]:
    """A variable that each round must reset keeps its value: the assignment moves before the loop."""
    loop = code.parent(node)
    if not isinstance(loop, ast.For | ast.While) or loop.body[0] is not node or len(loop.body) < 2:
        return
    lines, place = code.lines_of(node), code.lines_of(loop)
    if lines and place and isinstance(node.value, ast.Constant | ast.List | ast.Dict | ast.Call):
        moved = f"{code.indent(loop)}{code.of(node)}\n"
        yield (Splice(place[0], place[0], moved), Splice(*lines, ""))


def _sign(node: ast.AugAssign, code: Code) -> tuple[int, int] | None:
    tokens = [token for token in code.between(code.end(node.target), code.start(node.value)) if "=" in token.text]
    return (tokens[0].start, tokens[0].end) if tokens else None
