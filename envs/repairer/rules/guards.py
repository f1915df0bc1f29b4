"""Special cases: needless ones that go wrong, missing ones, and values that should be kept within limits."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from envs.problems.bugs.edits import Change, Splice
from envs.problems.bugs.layout import dropped, inserted_before
from envs.problems.bugs.precedence import COMPARE, SUM
from envs.repairer.rules.bounds import EDGE, calls, numeric
from envs.repairer.rules.registry import put, put_node, rule
from envs.repairer.view import View, body_of, parameters


def is_elif(node: ast.If, view: View) -> bool:
    """Whether an `if` is written as `elif`."""
    return view.code.text.startswith("elif", view.code.start(node))


@rule("special-case-dropped", EDGE, 4, ast.If)
def special_case_dropped(node: ast.If, view: View) -> Iterator[Change]:
    """A needless special case changes a variable or answers at once, and wrongly."""
    small = len(node.body) == 1 and isinstance(node.body[0], ast.Assign | ast.AugAssign | ast.Return | ast.Continue)
    if small and not node.orelse and not is_elif(node, view):
        yield from dropped(view.code, node)


@rule("special-case-elif-dropped", EDGE, 1.5, ast.If)
def special_case_elif_dropped(node: ast.If, view: View) -> Iterator[Change]:
    """A branch of several is not needed."""
    code = view.code
    if is_elif(node, view) and (lines := code.lines_of(node.body[-1])):
        head = code.start(node) - len(code.text[: code.start(node)].rpartition("\n")[2])
        if not node.orelse:
            yield (Splice(head, lines[1], ""),)
        elif isinstance(node.orelse[0], ast.If) and code.text.startswith("elif", code.start(node.orelse[0])):
            yield (Splice(code.start(node), code.start(node.orelse[0]), ""),)
    elif node.orelse and isinstance(node.orelse[0], ast.If) and len(node.orelse) == 1:
        after = code.start(node.orelse[0])
        if code.text.startswith("elif", after):
            yield (Splice(code.start(node), after + 2, ""),)


@rule("block-dropped", EDGE, 1.5, ast.If)
def block_dropped(node: ast.If, view: View) -> Iterator[Change]:
    """A larger special case is not needed."""
    small = len(node.body) == 1 and isinstance(node.body[0], ast.Assign | ast.AugAssign | ast.Return | ast.Continue)
    if not small and not node.orelse and not is_elif(node, view):
        yield from dropped(view.code, node)


@rule("limit-dropped", EDGE, 3, ast.Call)
def limit_dropped(node: ast.Call, view: View) -> Iterator[Change]:
    """A value is kept within limits, or its sign dropped, where it should stay as it is."""
    if calls(node, "max", "min") and len(node.args) == 2:
        for kept, other in (node.args, node.args[::-1]):
            if isinstance(other, ast.Constant | ast.UnaryOp):
                yield put_node(view.code, node, kept)
    elif calls(node, "abs") and len(node.args) == 1:
        yield put_node(view.code, node, node.args[0])


@rule("limit-added", EDGE, 1.5, ast.Return, ast.Assign, ast.AugAssign)
def limit_added(node: ast.Return | ast.Assign | ast.AugAssign, view: View) -> Iterator[Change]:
    """A value must be kept within limits."""
    code, value = view.code, node.value
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add | ast.Sub) and numeric(node.target, view):
        name, sign = code.of(node.target), "+" if isinstance(node.op, ast.Add) else "-"
        for limited in _limited(f"{name} {sign} {code.operand(node.value, SUM)}", view):
            yield (Splice(code.start(node), code.end(node), f"{name} = {limited}"),)
    elif not isinstance(value, ast.Constant | None) and numeric(value, view):
        for limited in _limited(code.of(value), view):
            yield put(code, value, limited)
        yield put(code, value, f"abs({code.of(value)})")


def _limited(text: str, view: View) -> Iterator[str]:
    for limit in dict.fromkeys((0, 1, *view.numbers[:4], *view.told)):
        yield f"max({text}, {limit})"
        if limit > 1:
            yield f"min({text}, {limit})"


@rule("index-limit-added", EDGE, 1.5, ast.Slice)
def index_limit_added(node: ast.Slice, view: View) -> Iterator[Change]:
    """A slice's start may not fall below 0."""
    if isinstance(node.lower, ast.BinOp):
        yield put(view.code, node.lower, f"max(0, {view.code.of(node.lower)})")


@rule("default-added", EDGE, 2, ast.Call)
def default_added(node: ast.Call, view: View) -> Iterator[Change]:
    """The extreme of nothing, or the next of nothing, needs a default."""
    code = view.code
    if calls(node, "max", "min") and len(node.args) == 1 and not isinstance(node.args[0], ast.Starred):
        inner = code.of(node.args[0])
        if isinstance(node.args[0], ast.GeneratorExp):
            inner = f"({code.text[code.end(node.func) + 1 : code.end(node) - 1]})"
        for default in ("0", "-1", "1", "None"):
            yield put(code, node, f"{code.of(node.func)}({inner}, default={default})")
    elif calls(node, "next") and len(node.args) == 1 and not isinstance(node.args[0], ast.GeneratorExp):
        for default in ("None", "0", "-1"):
            yield put(code, node, f"next({code.of(node.args[0])}, {default})")


@rule("zero-is-a-value", EDGE, 2, ast.BoolOp)
def zero_is_a_value(node: ast.BoolOp, view: View) -> Iterator[Change]:
    """`or` stands for "if there is none", but 0 and what is empty are values, too."""
    match node:
        case ast.BoolOp(op=ast.Or(), values=[value, other]) if not isinstance(value, ast.Compare | ast.UnaryOp):
            mine = view.code.operand(value, COMPARE)
            yield put(view.code, node, f"({view.code.of(other)} if {mine} is None else {view.code.of(value)})")


@rule("default-changed", EDGE, 1.5, ast.Call)
def default_changed(node: ast.Call, view: View) -> Iterator[Change]:
    """The extreme of nothing, or the default of a look-up, has another value."""
    for keyword in node.keywords:
        if keyword.arg == "default" and isinstance(keyword.value, ast.Constant | ast.UnaryOp):
            for text in ("0", "-1", "1", "None"):
                if text != view.code.of(keyword.value):
                    yield put(view.code, keyword.value, text)
    if isinstance(node.func, ast.Attribute) and node.func.attr in {"get", "pop"} and len(node.args) == 2:
        for text in ("0", "1", "-1", "None", "[]"):
            if text != view.code.of(node.args[1]):
                yield put(view.code, node.args[1], text)


def small_values(name: str, kinds: frozenset[str]) -> list[str]:
    """Conditions that say that a variable is empty or small."""
    number, holder = kinds & {"int", "float"}, kinds - {"int", "float", "bool", "None"}
    tests = [f"not {name}"]
    if number or not kinds:
        tests += [f"{name} <= 1", f"{name} < 0", f"{name} == 1", f"{name} <= 0"]
    if holder or not kinds:
        tests += [f"len({name}) == 1", f"len({name}) < 2"]
    if "None" in kinds:
        tests.append(f"{name} is None")
    return tests


@rule("guard-added", EDGE, 0.5, ast.FunctionDef)
def guard_added(node: ast.FunctionDef, view: View) -> Iterator[Change]:
    """An empty or small input is settled at once."""
    body = body_of(node)
    if not body:
        return
    results = dict.fromkeys([*returned(node, view), "0", "1", "-1", "[]", '""', "None", "True", "False"])
    for parameter in [each.arg for each in parameters(node) if each.arg != "self"]:
        for test in small_values(parameter, view.kinds.get(parameter, frozenset())):
            for result in (*results, parameter):
                lines = [f"if {test}:", f"    return {result}"]
                yield from inserted_before(view.code, body[0], lines)


def returned(function: ast.FunctionDef, view: View) -> list[str]:
    """The constant results that a function returns."""
    values = [each.value for each in ast.walk(function) if isinstance(each, ast.Return) and each.value is not None]
    short = [view.code.of(value) for value in values if isinstance(value, ast.Constant | ast.UnaryOp | ast.List)]
    return [text for text in dict.fromkeys(short) if len(text) < 20]


@rule("special-result", EDGE, 2, ast.Return)
def special_result(node: ast.Return, view: View) -> Iterator[Change]:
    """A special case has another result."""
    value, function = node.value, view.code.scope(node)
    if isinstance(function, ast.Module) or not isinstance(value, ast.Constant | ast.UnaryOp | ast.List | ast.Tuple):
        return
    names = [argument.arg for argument in parameters(function) if argument.arg != "self"]
    options = [*("0", "1", "-1", "None", "[]", "[[]]", '""', "True", "False"), *names]
    for text in dict.fromkeys(options):
        if text != view.code.of(value):
            yield put(view.code, value, text)
