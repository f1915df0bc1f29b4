"""Expressions step by step: operators, operands, signs, constants, and other expressions of the program."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from envs.problems.bugs.edits import Change
from envs.problems.bugs.precedence import BINARY, PRODUCT, SIGN, SUM, level
from envs.repairer.rules.bounds import numeric
from envs.repairer.rules.conditions import used
from envs.repairer.rules.containers import name_of
from envs.repairer.rules.registry import over, put, put_node, rule, swap
from envs.repairer.view import View

STEP = "step_by_step_reasoning"
SWAPS: dict[type[ast.operator], tuple[str, ...]] = {
    ast.Add: ("-", "*", "|", "^"),
    ast.Sub: ("+", "*", "//"),
    ast.Mult: ("+", "//", "**", "-", "/"),
    ast.FloorDiv: ("%", "*", "-", ">>"),
    ast.Mod: ("//", "-", "*"),
    ast.Div: ("*", "//", "-"),
    ast.Pow: ("*", "<<"),
    ast.BitAnd: ("|", "^", "-"),
    ast.BitOr: ("&", "^", "+", "-"),
    ast.BitXor: ("|", "&", "+"),
    ast.LShift: (">>", "*"),
    ast.RShift: ("<<", "//"),
}
ORDERED = ast.Sub | ast.FloorDiv | ast.Mod | ast.Div | ast.Pow | ast.LShift | ast.RShift
SIGNED = ast.BinOp | ast.Return | ast.Assign | ast.Tuple | ast.Call | ast.Lambda | ast.AugAssign | ast.IfExp
"""Where a minus may be missing."""
MORE = 8
"""Other expressions that are tried in place of one."""


@rule("operator", STEP, 2.5, ast.BinOp)
def operator_swap(node: ast.BinOp, view: View) -> Iterator[Change]:
    """The wrong operator is used."""
    for text in SWAPS.get(type(node.op), ()):
        yield from over(view.code.sign_between(node.left, node.right), text)


@rule("operand-dropped", STEP, 2, ast.BinOp)
def operand_dropped(node: ast.BinOp, view: View) -> Iterator[Change]:
    """One side of an expression is not needed."""
    if not isinstance(node.right, ast.Constant):
        yield put_node(view.code, node, node.left)
    yield put_node(view.code, node, node.right)


@rule("operands-swapped", STEP, 2.5, ast.BinOp)
def operands_swapped(node: ast.BinOp, view: View) -> Iterator[Change]:
    """The two sides change places where the order matters."""
    if isinstance(node.op, ORDERED | ast.Add):
        yield swap(view.code, node.left, node.right)


@rule("sign", STEP, 2, ast.UnaryOp, ast.Name, ast.Call, ast.Subscript, ast.Constant)
def sign(node: ast.expr, view: View) -> Iterator[Change]:
    """A minus is missing, or one too many."""
    if isinstance(node, ast.UnaryOp):
        if isinstance(node.op, ast.USub | ast.Invert):
            yield put_node(view.code, node, node.operand)
        return
    parent = view.code.parent(node)
    if isinstance(parent, ast.UnaryOp | ast.Attribute) or not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        return
    if isinstance(parent, ast.Call) and parent.func is node:
        return
    if isinstance(parent, SIGNED) and numeric(node, view) and not (isinstance(node, ast.Constant) and node.value == 0):
        yield put(view.code, node, f"-{view.code.operand(node, SIGN)}", SIGN)


@rule("parentheses", STEP, 2, ast.BinOp)
def parentheses(node: ast.BinOp, view: View) -> Iterator[Change]:
    """Parentheses are missing or wrong: the operands belong together otherwise."""
    code = view.code
    mine = code_sign(node, view)
    for side in (node.left, node.right):
        if not isinstance(side, ast.BinOp):
            continue
        inner = code_sign(side, view)
        if side is node.right:  # a op (b inner c) -> (a op b) inner c
            head = f"({code.operand(node.left, BINARY[type(node.op)])} {mine} {code.operand(side.left, PRODUCT)})"
            yield put(code, node, f"{head} {inner} {code.operand(side.right, SIGN)}", BINARY[type(side.op)])
        else:  # (a inner b) op c -> a inner (b op c)
            tail = f"({code.operand(side.right, PRODUCT)} {mine} {code.operand(node.right, SIGN)})"
            yield put(code, node, f"{code.operand(side.left, PRODUCT)} {inner} {tail}", BINARY[type(side.op)])


def code_sign(node: ast.BinOp, view: View) -> str:
    """The operator as it is written."""
    place = view.code.sign_between(node.left, node.right)
    return view.code.text[place[0] : place[1]] if place else "+"


@rule("constant-one-off", STEP, 2.5, ast.Constant)
def constant_one_off(node: ast.Constant, view: View) -> Iterator[Change]:
    """A number is one off."""
    if type(node.value) is int:
        yield put(view.code, node, str(node.value + 1))
        yield put(view.code, node, str(node.value - 1), SIGN)


@rule("constant-other", STEP, 1.5, ast.Constant)
def constant_other(node: ast.Constant, view: View) -> Iterator[Change]:
    """Another number, or a variable, should stand there."""
    if type(node.value) is not int:
        return
    near = (0, 1, 2, -1, node.value + 2, node.value - 2, 2 * node.value)
    for number in dict.fromkeys((*near, *view.numbers, *view.told)):
        if abs(number - node.value) > 1:
            yield put(view.code, node, str(number), SIGN if number < 0 else SUM)
    for name in view.variables(node):
        kinds = view.kinds.get(name, frozenset({"int"}))
        if kinds & {"int", "float"}:
            yield put(view.code, node, name)
        elif kinds & {"list", "str", "tuple", "dict", "set"}:
            yield put(view.code, node, f"len({name})")


@rule("constant-scaled", STEP, 1.5, ast.Constant)
def constant_scaled(node: ast.Constant, view: View) -> Iterator[Change]:
    """A digit or a zero is lost or doubled."""
    if type(node.value) is int and node.value > 1:
        yield put(view.code, node, f"{node.value}0")
        if node.value >= 10:
            yield put(view.code, node, str(node.value)[:-1])
        for digit in "0123456789":
            yield put(view.code, node, f"{node.value}{digit}")
    elif type(node.value) is float:
        for text in (repr(node.value * 10), repr(node.value / 10), repr(node.value * 2), repr(node.value / 2)):
            yield put(view.code, node, text)


TWINS = {
    "min": ("max", "sum"),
    "max": ("min", "sum"),
    "sum": ("max", "min", "len"),
    "len": ("sum", "max", "min"),
    "floor": ("ceil",),
    "ceil": ("floor",),
    "gcd": ("lcm", "max", "min"),
    "lcm": ("gcd",),
    "any": ("all",),
    "all": ("any",),
    "combinations": ("permutations", "combinations_with_replacement"),
    "permutations": ("combinations", "product"),
    "combinations_with_replacement": ("combinations",),
    "zip": ("zip_longest",),
    "zip_longest": ("zip",),
    "sorted": ("reversed",),
    "row": ("col",),
    "col": ("row",),
    "left": ("right",),
    "right": ("left",),
    "rows": ("cols",),
    "cols": ("rows",),
}


@rule("function-twin", STEP, 3, ast.Name, ast.Attribute)
def function_twin(node: ast.Name | ast.Attribute, view: View) -> Iterator[Change]:
    """A function (or field) is taken for its twin: `max` for `min`."""
    name = node.id if isinstance(node, ast.Name) else node.attr
    parent = view.code.parent(node)
    called = isinstance(parent, ast.Call) and (parent.func is node or isinstance(node, ast.Name))
    if called or isinstance(node, ast.Attribute):
        for other in TWINS.get(name, ()):
            end = view.code.end(node)
            yield from over((end - len(name), end), other)


@rule("other-expression", STEP, 0.5, ast.Name, ast.Subscript, ast.Call, ast.BinOp, ast.Attribute)
def other_expression(node: ast.expr, view: View) -> Iterator[Change]:
    """Another expression of the program should stand there."""
    parent = view.code.parent(node)
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load) or isinstance(parent, ast.Attribute | ast.Expr):
        return
    if isinstance(parent, ast.Call) and parent.func is node:
        return
    mine, names, shown = view.code.of(node), set(view.variables(node)), 0
    here = view.code.start(node)
    for other in sorted(_terms(view), key=lambda each: abs(view.code.start(each) - here)):
        text = view.code.of(other)
        if text == mine or shown >= MORE or not used(other) & set(names) or isinstance(other, ast.Name):
            continue
        if bound_by_comprehension(other, view) and not same_comprehension(other, node, view):
            continue
        if similar(node, other):
            shown += 1
            yield put(view.code, node, text, level(other))


@lru_cache(maxsize=4)
def _terms(view: View) -> list[ast.expr]:
    """The different small expressions of a program."""
    found: dict[str, ast.expr] = {}
    for node in view.nodes:
        if not isinstance(node, ast.Subscript | ast.Call | ast.BinOp | ast.Attribute | ast.Name):
            continue
        loaded = isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
        parent = view.code.parent(node)
        if loaded and len(view.code.of(node)) <= 40 and not (isinstance(parent, ast.Call) and parent.func is node):
            found.setdefault(view.code.of(node), node)
    return list(found.values())


def bound_by_comprehension(node: ast.expr, view: View) -> bool:
    """Whether an expression stands inside a comprehension."""
    return any(
        isinstance(up, ast.ListComp | ast.GeneratorExp | ast.SetComp | ast.DictComp) for up in view.code.above(node)
    )


def same_comprehension(one: ast.expr, other: ast.expr, view: View) -> bool:
    """Whether two expressions stand in the same statement."""
    return view.statement(one) is view.statement(other)


def similar(one: ast.expr, other: ast.expr) -> bool:
    """Whether one expression may stand for another: calls of the same function, elements, numbers."""
    if isinstance(one, ast.Call) and isinstance(other, ast.Call):
        return name_of(one) == name_of(other) or not name_of(one)
    number = ast.BinOp | ast.Subscript | ast.Name | ast.Call
    return isinstance(one, number) and isinstance(other, number)


@rule("operand-added", STEP, 0.5, ast.Return, ast.Assign, ast.AugAssign, ast.Compare)
def operand_added(node: ast.stmt | ast.Compare, view: View) -> Iterator[Change]:
    """A term, a factor or a modulus is forgotten."""
    values = [node.left, *node.comparators] if isinstance(node, ast.Compare) else [getattr(node, "value", None)]
    for value in values:
        if value is None or not numeric(value, view) or isinstance(value, ast.Constant):
            continue
        text = view.code.of(value)
        for name in view.variables(node):
            if view.kinds.get(name, frozenset({"int"})) & {"int", "float"} and name != text:
                yield put(view.code, value, f"{view.code.operand(value, SUM)} + {name}", SUM)
                yield put(view.code, value, f"{view.code.operand(value, SUM)} - {name}", SUM)
                yield put(view.code, value, f"{name} - {view.code.operand(value, PRODUCT)}", SUM)
                yield put(view.code, value, f"{view.code.operand(value, PRODUCT)} * {name}", PRODUCT)
                yield put(view.code, value, f"{view.code.operand(value, PRODUCT)} % {name}", PRODUCT)
                yield put(view.code, value, f"{view.code.operand(value, PRODUCT)} // {name}", PRODUCT)
        for number in [each for each in view.numbers if abs(each) > 1][:4]:
            yield put(view.code, value, f"{view.code.operand(value, PRODUCT)} % {number}", PRODUCT)
            yield put(view.code, value, f"{view.code.operand(value, PRODUCT)} * {number}", PRODUCT)
