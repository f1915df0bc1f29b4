"""What an exception, or the difference between an answer and the expected one, suggests.

`suggested` names the rules that fit a failure. Those of this module fit only when their failure was seen.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from envs.problems.bugs.edits import Change, Splice
from envs.problems.bugs.layout import inserted_before
from envs.problems.bugs.precedence import AND, LOOSE, OR, PRODUCT, SIGN
from envs.repairer.rules.guards import is_elif, returned
from envs.repairer.rules.registry import put, rule
from envs.repairer.view import View

ERROR = "error_specific_feedback"
ENDLESS, WRONG = "endless", "wrong"

HINTS: dict[str, tuple[str, ...]] = {
    "IndexError": (
        "index-guarded", "boundary", "range-end", "range-start", "index-shift", "part-order",
        "compared-one-off", "one-too-many", "part-dropped", "slice-bound", "wrong-variable", "indexes-swapped",
        "remainder-added", "first-elements", "length-shift", "guard-added", "and-or", "first-or-last-skipped",
        "none-or-empty",
    ),
    "KeyError": (
        "key-guarded", "look-up-kind", "table-entry-made-up", "wrong-variable", "first-elements",
        "kept-of-equal-keys", "default-changed", "index-shift", "statements-swapped", "pair-swapped",
    ),
    "ZeroDivisionError": (
        "division-guarded", "remainder-kept", "range-start", "guard-added", "limit-added", "operands-swapped",
        "wrong-variable", "first-value", "operator", "constant-other",
    ),
    "TypeError": (
        "none-guarded", "conversion-added", "conversion-dropped", "conversion-kind", "element-types",
        "sequence-type", "result-of-nothing", "built-in-shadowed", "arguments-swapped", "argument-dropped",
        "argument-added", "first-value", "index-of-spread", "wrong-variable", "pair-swapped", "call-missing",
        "special-result", "default-changed", "result-returned", "division-kind", "copy-added", "joined",
    ),
    "ValueError": (
        "default-added", "empty-guarded", "split-kind", "conversion-added", "element-types", "guard-added",
        "text-step-added", "text-method", "argument-dropped", "pair-swapped", "conversion-dropped",
        "none-or-empty", "limit-added", "container-kind",
    ),
    "AttributeError": (
        "method-misspelt", "method-kind", "container-kind", "none-guarded", "conversion-added",
        "result-of-nothing", "text-method", "wrong-variable", "first-elements", "self-missing",
    ),
    "NameError": (
        "name-misspelt", "import-missing", "variable-not-set", "self-missing", "scope-missing",
    ),
    "UnboundLocalError": (
        "scope-missing", "statements-swapped", "leaves-block", "variable-not-set", "moved-before-loop",
        "moved-in-block", "wrong-variable", "moved-out-of-branch",
    ),
    "RecursionError": (
        "recursion-ended", "boundary", "comparison-kind", "constant-one-off", "one-too-many", "special-result",
        "guard-added", "guard-made-up", "operator", "argument-one-off",
    ),
    "StopIteration": (
        "default-added", "empty-guarded", "part-dropped", "boundary",
    ),
    "EOFError": (
        "range-end", "range-start", "constant-one-off", "moved-before-loop", "statement-dropped",
        "element-types",
    ),
    "RuntimeError": (
        "copy-added", "statements-swapped", "statement-dropped",
    ),
    "SyntaxError": (),
    "missing": (
        "function-renamed", "self-missing",
    ),
    ENDLESS: (
        "update-missing", "update-sign", "boundary", "loop-once", "statement-dropped", "leaves-block",
        "enters-block", "comparison-kind", "operator", "one-too-many", "constant-one-off", "jump-kind",
        "pass-as-jump", "break-added", "wrong-variable", "division-kind", "wrong-target", "and-or",
        "part-dropped", "moved-into-loop", "assignment-accumulates", "statement-copied", "condition-negated",
    ),
    "nothing returned": (
        "result-returned", "special-result", "else-of-loop", "enters-block", "leaves-block",
        "statement-without-effect", "result-of-nothing", "return-instead-of-jump", "return-in-loop",
    ),
    "nothing printed": (
        "print-added", "leaves-block", "enters-block", "condition-negated", "and-or",
    ),
    "one off": (
        "one-too-many", "one-missing", "range-end", "range-start", "boundary", "constant-one-off",
        "length-shift", "index-shift", "division-kind", "first-value", "compared-one-off", "rounding",
        "ceiling-missing", "enumerate-start", "statement-doubled", "statement-dropped", "doubled-dropped",
        "argument-one-off",
    ),
    "opposite": (
        "sign", "operands-swapped", "limit-dropped", "condition-negated", "truth-value", "comparison-kind",
        "branches-swapped", "limit-added", "conversion-added", "conversion-dropped", "any-all",
        "special-result",
    ),
    "other type": (
        "sequence-type", "conversion-added", "conversion-dropped", "division-kind", "conversion-kind",
        "rounding", "special-result", "container-kind", "result-returned",
    ),
    "other order": (
        "order-reversed", "container-added", "container-dropped", "tie-broken", "keyword-dropped",
        "pair-swapped", "method-kind", "range-step", "container-kind", "comparison-kind", "slice-step",
        "operands-swapped", "function-twin", "joined",
    ),
    "too long": (
        "statement-dropped", "doubled-dropped", "special-case-dropped", "condition-negated", "container-added",
        "break-added", "leaves-block", "range-end", "enters-block", "boundary", "slice-bound-added",
        "part-dropped", "and-or", "text-step-added", "print-kind", "format-kind", "separator",
    ),
    "too short": (
        "statement-dropped", "jump-dropped", "filter-dropped", "container-dropped", "slice-bound-dropped",
        "rest-looked-at", "repeats-looked-at", "early-return-dropped", "range-end", "range-start", "boundary",
        "statement-copied", "leaves-block", "jump-kind", "loop-once", "special-case-dropped", "else-of-loop",
        "first-elements", "return-in-loop", "update-made-up",
    ),
    "other case": (
        "text-case", "text-step-added", "text-step-dropped", "text-method",
    ),
    "other spaces": (
        "separator", "split-kind", "print-kind", "format-kind", "text-step-added", "text-step-dropped",
        "joined", "text-method",
    ),
    "larger": (
        "limit-added", "update-sign", "operator", "assignment-accumulates", "statement-dropped",
        "function-twin", "comparison-kind", "special-case-dropped", "first-value", "boundary",
        "operand-dropped", "remainder-added",
    ),
    "smaller": (
        "limit-dropped", "update-sign", "operator", "assignment-accumulates", "jump-dropped", "function-twin",
        "comparison-kind", "special-case-dropped", "cap-lifted", "rest-looked-at", "first-value", "boundary",
        "infinity-too-small", "early-return-dropped", "loop-once", "repeats-looked-at", "container-dropped",
    ),
}  # fmt: skip
"""Failure -> the rules that fit it, the best first."""


def failure(error: tuple[str, str, int], endless: bool, answered: bool) -> str:
    """What kind of failure a run is; `wrong` for one that answered."""
    if endless:
        return ENDLESS
    return WRONG if answered else error[0] or WRONG


@rule("index-guarded", ERROR, 2, ast.Subscript)
def index_guarded(node: ast.Subscript, view: View) -> Iterator[Change]:
    """A place beyond the end is looked at; the condition around it must ask first."""
    code, index = view.code, node.slice
    if isinstance(index, ast.Slice | ast.Tuple) or not isinstance(node.ctx, ast.Load):
        return
    owner, place = code.of(node.value), code.of(index)
    for test in _tests_around(node, view):
        mine = code.operand(test, AND)
        for guard in (
            owner,
            f"{place} < len({owner})",
            f"{place} >= 0",
            f"0 <= {place} < len({owner})",
            f"len({owner}) > 1",
        ):
            yield put(code, test, f"{guard} and {mine}", AND)
        for guard in (f"not {owner}", f"{place} >= len({owner})"):
            yield put(code, test, f"{guard} or {code.operand(test, OR)}", OR)
    for default in ("0", "None", '""', "-1"):
        yield put(code, node, f"{owner}[{place}] if {owner} else {default}", LOOSE)
        yield put(code, node, f"{owner}[{place}] if {place} < len({owner}) else {default}", LOOSE)
    yield put(code, node, f"{owner}[{place}:{place} + 1]")


def _tests_around(node: ast.AST, view: View) -> Iterator[ast.expr]:
    """The whole condition that a node is a part of, if it is one."""
    for up in view.code.above(node):
        if isinstance(up, ast.If | ast.While | ast.IfExp):
            if any(each is node for each in ast.walk(up.test)):
                yield up.test
            return
        if isinstance(up, ast.stmt):
            return


@rule("key-guarded", ERROR, 2, ast.Subscript)
def key_guarded(node: ast.Subscript, view: View) -> Iterator[Change]:
    """A key that is not there is looked up."""
    code = view.code
    if isinstance(node.slice, ast.Slice):
        return
    owner, key = code.of(node.value), code.of(node.slice)
    if isinstance(node.ctx, ast.Load):
        for default in ("0", "1", "None", "-1", "[]", "()", '""', 'float("inf")', key):
            yield put(code, node, f"{owner}.get({key}, {default})")
    statement = view.statement(node)
    if statement is None or (isinstance(statement, ast.If) and is_elif(statement, view)):
        return
    for default in ("0", "[]", "set()", "{}", '""'):
        yield from inserted_before(code, statement, [f"{owner}.setdefault({key}, {default})"])
    if code.loop(statement) is not None:
        yield from inserted_before(code, statement, [f"if {key} not in {owner}:", "    continue"])


@rule("division-guarded", ERROR, 2, ast.BinOp)
def division_guarded(node: ast.BinOp, view: View) -> Iterator[Change]:
    """Something is divided by 0."""
    code = view.code
    if not isinstance(node.op, ast.FloorDiv | ast.Div | ast.Mod):
        return
    divisor = code.of(node.right)
    yield put(code, node.right, f"({divisor} or 1)")
    yield put(code, node.right, f"max(1, {divisor})")
    for value in ("0", "1", code.operand(node.left, PRODUCT)):
        yield put(code, node, f"({code.of(node)} if {divisor} else {value})")
    yield from _settled(node, f"{divisor} == 0", view)


def _settled(node: ast.AST, test: str, view: View) -> Iterator[Change]:
    """Changes that end the round or the function before the statement around a node, if a condition holds."""
    code, statement, function = view.code, view.statement(node), view.code.scope(node)
    if statement is None or (isinstance(statement, ast.If) and is_elif(statement, view)):
        return
    jumps = ["continue", "break"] if code.loop(statement) is not None else []
    if isinstance(function, ast.FunctionDef):
        results = dict.fromkeys((*returned(function, view), "0", "[]", '""', "None", "False", "True", "-1"))
        jumps += [f"return {text}" for text in results]
    for jump in jumps:
        yield from inserted_before(code, statement, [f"if {test}:", f"    {jump}"])


@rule("none-guarded", ERROR, 1, ast.Attribute, ast.Subscript, ast.BinOp, ast.Compare, ast.Call)
def none_guarded(node: ast.expr, view: View) -> Iterator[Change]:
    """There is nothing (None) where a value is used."""
    names = [
        each.id for each in ast.walk(node) if isinstance(each, ast.Name) and "NoneType" in view.kinds.get(each.id, ())
    ]
    for name in dict.fromkeys(names):
        yield from _settled(node, f"{name} is None", view)
        for default in ("0", '""', "[]"):
            for each in ast.walk(node):
                if isinstance(each, ast.Name) and each.id == name and isinstance(each.ctx, ast.Load):
                    yield put(view.code, each, f"({name} or {default})")


@rule("empty-guarded", ERROR, 1.5, ast.Call)
def empty_guarded(node: ast.Call, view: View) -> Iterator[Change]:
    """The extreme, the place or the number of nothing is asked for."""
    code = view.code
    if not node.args:
        return
    argument = code.of(node.args[0])
    if isinstance(node.func, ast.Name) and node.func.id in {"max", "min", "int", "float", "next"}:
        if not isinstance(node.args[0], ast.GeneratorExp | ast.Starred) and len(node.args) == 1:
            yield from _settled(node, f"not {code.operand(node.args[0], SIGN)}", view)
            for default in ("0", "-1", "None"):
                yield put(code, node, f"{code.of(node)} if {argument} else {default}", LOOSE)
    elif isinstance(node.func, ast.Attribute) and node.func.attr in {"index", "remove"}:
        yield from _settled(node, f"{argument} not in {code.of(node.func.value)}", view)


@rule("recursion-ended", ERROR, 1.5, ast.FunctionDef)
def recursion_ended(node: ast.FunctionDef, view: View) -> Iterator[Change]:
    """A recursion has no end for some values."""
    results = dict.fromkeys((*returned(node, view), "0", "1", "[]", '""', "None", "True", "False"))
    for argument in [each.arg for each in node.args.args if each.arg != "self"]:
        for test in (
            f"not {argument}",
            f"{argument} <= 0",
            f"{argument} <= 1",
            f"{argument} < 0",
            f"len({argument}) <= 1",
        ):
            for result in (*results, argument):
                yield from inserted_before(view.code, node.body[0], [f"if {test}:", f"    return {result}"])


@rule("print-added", ERROR, 1.5, ast.Assign, ast.AugAssign, ast.Return, ast.Expr, ast.For, ast.While)
def print_added(node: ast.stmt, view: View) -> Iterator[Change]:
    """A result is not printed."""
    code = view.code
    if view.entry or not (lines := code.lines_of(node)):
        return
    names = [each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)]
    lead = "" if code.text[: lines[1]].endswith("\n") else "\n"
    for name in dict.fromkeys(names):
        for text in (f"print({name})", f"print(*{name})"):
            yield (Splice(lines[1], lines[1], f"{lead}{code.indent(node)}{text}\n"),)
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield put(code, node.value, f"print({code.of(node.value)})")
