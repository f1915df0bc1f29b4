"""Variables: another one is meant, the first value or the update is wrong, two assignments should be one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from envs.problems.bugs.edits import Change, Splice
from envs.problems.bugs.layout import inserted_before
from envs.problems.bugs.precedence import SUM, level
from envs.repairer.rules.registry import over, put, rule, swap
from envs.repairer.rules.statements import STATE
from envs.repairer.view import BUILTINS, View, body_of, parameters

UPDATES = ("+=", "-=", "=", "*=", "//=", "|=", "&=", "^=", "%=", "<<=", ">>=")


@rule("wrong-variable", STATE, 2, ast.Name)
def wrong_variable(node: ast.Name, view: View) -> Iterator[Change]:
    """Another variable of the same kind is meant."""
    parent = view.code.parent(node)
    if not isinstance(node.ctx, ast.Load) or (isinstance(parent, ast.Call) and parent.func is node):
        return
    if node.id in BUILTINS:
        return
    for other in view.variables(node):
        if other != node.id and view.alike(node.id, other):
            yield put(view.code, node, other)


@rule("wrong-target", STATE, 1, ast.Name)
def wrong_target(node: ast.Name, view: View) -> Iterator[Change]:
    """Another variable should be set."""
    if isinstance(node.ctx, ast.Store) and isinstance(view.code.parent(node), ast.Assign | ast.AugAssign):
        for other in view.variables(node):
            if other != node.id and view.alike(node.id, other):
                yield put(view.code, node, other)


@rule("pair-swapped", STATE, 2.5, ast.Tuple)
def pair_swapped(node: ast.Tuple, view: View) -> Iterator[Change]:
    """Two values are unpacked, returned or kept in the wrong order."""
    if not any(isinstance(part, ast.Starred) for part in node.elts):
        for place, left in enumerate(node.elts):
            for right in node.elts[place + 1 :]:
                yield swap(view.code, left, right)


@rule("arguments-swapped", STATE, 2.5, ast.Call)
def arguments_swapped(node: ast.Call, view: View) -> Iterator[Change]:
    """Two arguments change places."""
    if not any(isinstance(value, ast.Starred) for value in node.args):
        for place, left in enumerate(node.args):
            for right in node.args[place + 1 :]:
                yield swap(view.code, left, right)


@rule("indexes-swapped", STATE, 2, ast.Subscript)
def indexes_swapped(node: ast.Subscript, view: View) -> Iterator[Change]:
    """Row and column change places."""
    match node:
        case ast.Subscript(value=ast.Subscript(slice=first), slice=second) if not isinstance(
            first, ast.Slice
        ) and not isinstance(second, ast.Slice):
            yield swap(view.code, first, second)


@rule("first-value", STATE, 2, ast.Assign)
def first_value(node: ast.Assign, view: View) -> Iterator[Change]:
    """A variable starts with the wrong value."""
    if not isinstance(node.targets[0], ast.Name | ast.Subscript):
        return
    mine = view.code.of(node.value)
    options = dict.fromkeys((*_first_values(node, view), *extremes(node, view)))
    for text in options:
        if text != mine:
            yield put(view.code, node.value, text, SUM)


def _first_values(node: ast.Assign, view: View) -> Iterator[str]:
    match node.value:
        case ast.Constant(value=bool()):
            return
        case ast.Constant(value=int() | float() | None) | ast.UnaryOp() | ast.Call() | ast.Attribute():
            yield from ("0", "1", "-1", "None", 'float("inf")', 'float("-inf")', "10**9", "-10**9")
        case ast.Constant(value=""):
            yield "None"
        case ast.Subscript():
            yield from ("0", "1", "-1", 'float("inf")', 'float("-inf")')


def extremes(node: ast.AST, view: View) -> Iterator[str]:
    """First, last, smallest and largest element, and length, of the sequences at hand; other numbers at hand."""
    for name in view.variables(node):
        kinds = view.kinds.get(name, frozenset())
        if kinds & {"list", "tuple"}:
            yield from (f"{name}[0]", f"len({name})", f"max({name})", f"min({name})", f"sum({name})", f"{name}[-1]")
        elif kinds & {"str"}:
            yield f"len({name})"
        elif kinds & {"int"}:
            yield name


@rule("update-sign", STATE, 2.5, ast.AugAssign)
def update_sign(node: ast.AugAssign, view: View) -> Iterator[Change]:
    """A variable is updated with the wrong operator."""
    code = view.code
    tokens = [token for token in code.between(code.end(node.target), code.start(node.value)) if "=" in token.text]
    if tokens:
        for text in UPDATES:
            if text != tokens[0].text:
                yield from over((tokens[0].start, tokens[0].end), text)


@rule("assignment-accumulates", STATE, 2.5, ast.Assign)
def assignment_accumulates(node: ast.Assign, view: View) -> Iterator[Change]:
    """A value should be added to the old one, or replace it only when it is better."""
    code, target = view.code, node.targets[0]
    if isinstance(target, ast.Tuple) or len(node.targets) > 1:
        return
    value, mine = code.of(node.value), code.of(target)
    gap = (code.end(target), code.start(node.value))
    if not code.enclosed(node.value):
        for sign in ("+=", "-=", "*=", "|="):
            yield from over(gap, f" {sign} ")
    for text in ("max", "min"):
        if not value.startswith(f"{text}("):
            yield put(code, node.value, f"{text}({mine}, {value})")


@rule("best-overwritten", STATE, 2, ast.Call)
def best_overwritten(node: ast.Call, view: View) -> Iterator[Change]:
    """The larger or smaller of two is taken where always the same one is right."""
    if isinstance(node.func, ast.Name) and node.func.id in {"max", "min"} and len(node.args) >= 2:
        for place, argument in enumerate(node.args):
            if len(node.args) == 2:
                yield put(view.code, node, view.code.of(argument), SUM)
            else:
                rest = [view.code.of(each) for each in node.args if each is not argument]
                yield put(view.code, node, f"{node.func.id}({', '.join(rest)})")
            del place


@rule("either-as-larger", STATE, 1.5, ast.BoolOp)
def either_as_larger(node: ast.BoolOp, view: View) -> Iterator[Change]:
    """The first value that is not empty is taken where the larger or smaller of two is meant."""
    if len(node.values) == 2 and not any(isinstance(each, ast.Compare | ast.BoolOp) for each in node.values):
        texts = ", ".join(map(view.code.of, node.values))
        for name in ("max", "min"):
            yield put(view.code, node, f"{name}({texts})")
        yield put(
            view.code, node, f"{view.code.operand(node.values[0], SUM)} + {view.code.operand(node.values[1], SUM)}", SUM
        )
        for value in node.values:
            yield put(view.code, node, view.code.of(value), level(value))


@rule("update-step", STATE, 2, ast.AugAssign)
def update_step(node: ast.AugAssign, view: View) -> Iterator[Change]:
    """An update adds one where it should add a value, or the other way round."""
    if not isinstance(node.value, ast.Constant):
        yield put(view.code, node.value, "1")
    else:
        for name in view.variables(node):
            if view.kinds.get(name, frozenset({"int"})) & {"int", "float"} and name != view.code.of(node.target):
                yield put(view.code, node.value, name)


@rule("assigned-at-once", STATE, 2.5, ast.Assign)
def assigned_at_once(node: ast.Assign, view: View) -> Iterator[Change]:
    """Two assignments in turn, the second of which should not see the first."""
    code, after = view.code, view.code.next_to(node, 1)
    if isinstance(after, ast.Assign) and code.lines_of(node) and code.lines_of(after):
        one, two = node.targets[0], after.targets[0]
        text = f"{code.of(one)}, {code.of(two)} = {code.of(node.value)}, {code.of(after.value)}"
        yield (Splice(code.start(node), code.end(after), text),)


@rule("assigned-in-turn", STATE, 1.5, ast.Assign)
def assigned_in_turn(node: ast.Assign, view: View) -> Iterator[Change]:
    """An assignment at once, the second part of which should see the first."""
    code = view.code
    match node:
        case ast.Assign(targets=[ast.Tuple(elts=[first, second])], value=ast.Tuple(elts=[one, two])) if code.lines_of(
            node
        ):
            lines = [f"{code.of(first)} = {code.of(one)}", f"{code.of(second)} = {code.of(two)}"]
            for order in (lines, lines[::-1]):
                yield (Splice(code.start(node), code.end(node), f"\n{code.indent(node)}".join(order)),)


@rule("default-shared", STATE, 3, ast.FunctionDef)
def default_shared(node: ast.FunctionDef, view: View) -> Iterator[Change]:
    """A default argument is changed and so shared by all calls."""
    body = body_of(node)
    for argument, default in zip(reversed(parameters(node)), reversed(node.args.defaults), strict=False):
        fresh = view.code.of(default)
        if isinstance(default, ast.List | ast.Dict | ast.Set | ast.Call) and body:
            yield from inserted_before(view.code, body[0], [f"{argument.arg} = {fresh}"])


@rule("update-missing", STATE, 1, ast.For, ast.While, ast.If)
def update_missing(node: ast.For | ast.While | ast.If, view: View) -> Iterator[Change]:
    """A counter is not counted up or down, or not set back."""
    counters = [name for name in view.variables(node) if view.kinds.get(name, frozenset()) & {"int"}]
    for name in counters:
        for text in (f"{name} += 1", f"{name} -= 1", f"{name} = 0"):
            yield from inserted_before(view.code, node.body[0], [text])
