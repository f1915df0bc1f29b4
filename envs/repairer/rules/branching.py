"""Conditions made up from the program's own terms: parts of conditions, guards, branches. Tried last."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from envs.problems.bugs.edits import Change, Splice
from envs.problems.bugs.layout import inserted_before, shifted
from envs.problems.bugs.precedence import AND, ATOM, BIT_OR, COMPARE, LOOSE, NOT, OR, SIGN
from envs.repairer.rules.bounds import EDGE
from envs.repairer.rules.conditions import LOGIC, conditions, used
from envs.repairer.rules.containers import name_of
from envs.repairer.rules.guards import is_elif, returned
from envs.repairer.rules.registry import put, rule
from envs.repairer.terms import HOLDERS, ORDERED, Term, at, kind_of
from envs.repairer.view import View

FEW, SOME = 60, 160
"""How many conditions are made up where many, or few, other choices are to be made with each."""
STATEMENTS = (ast.Assign, ast.AugAssign, ast.Expr, ast.Return, ast.If, ast.For, ast.While)


def atoms(node: ast.AST, view: View, most: int) -> list[tuple[str, int, bool]]:
    """Simple conditions that could hold at a node: text, how tightly it binds, and whether it can fail."""
    terms = at(view, node, 10)
    found: dict[str, tuple[int, bool]] = {}
    for text, binds, risky in (*_single(terms, view), *_borrowed(node, view), *_pairs(terms)):
        found.setdefault(text, (binds, risky))
    return [(text, *rest) for text, rest in list(found.items())[:most]]


def _single(terms: list[Term], view: View) -> Iterator[tuple[str, int, bool]]:
    """About one term: its truth, its emptiness, its size."""
    numbers = list(dict.fromkeys((0, 1, *view.numbers[:3], *view.told[:2])))
    for term in terms:
        risky = "[" in term.text or "(" in term.text
        if term.kind in {"int", "float"}:
            for number in numbers:
                for sign in ("==", ">", "<", "!="):
                    yield f"{term.at_least(BIT_OR)} {sign} {number}", COMPARE, risky
        elif term.kind in HOLDERS or term.kind in {"bool", "NoneType", ""}:
            yield term.text, term.binds, risky
            yield f"not {term.at_least(NOT)}", NOT, risky
        if term.kind == "":
            yield f"{term.at_least(BIT_OR)} is None", COMPARE, risky
            yield f"{term.at_least(BIT_OR)} is not None", COMPARE, risky
        if term.kind in {"list", "str", "tuple"} and not risky:
            yield f"len({term.text}) > 1", COMPARE, False


def _borrowed(node: ast.AST, view: View) -> Iterator[tuple[str, int, bool]]:
    """The program's own conditions, and their opposites."""
    names = set(view.variables(node))
    for other in conditions(view):
        if used(other) & set(view.kinds) <= names:
            text = view.code.of(other)
            yield text, COMPARE if isinstance(other, ast.Compare) else NOT, True
            yield f"not {view.code.operand(other, NOT)}", NOT, True


def _pairs(terms: list[Term]) -> Iterator[tuple[str, int, bool]]:
    """About two terms: order, equality, membership."""
    for place, first in enumerate(terms):
        for second in terms[place + 1 :]:
            risky = any(sign in first.text + second.text for sign in "[(")
            left, right = first.at_least(BIT_OR), second.at_least(BIT_OR)
            if first.kind == second.kind and first.kind in ORDERED:
                for sign in ("<", ">", "==", "!=", "<=", ">="):
                    yield f"{left} {sign} {right}", COMPARE, risky
            for one, holder in ((left, second), (right, first)):
                if holder.kind in HOLDERS - {"str"} or (holder.kind == "str" and first.kind == second.kind):
                    yield f"{one} in {holder.text}", COMPARE, risky
                    yield f"{one} not in {holder.text}", COMPARE, risky


@rule("part-made-up", LOGIC, -0.5, ast.If, ast.While, ast.IfExp, ast.comprehension, depth=2)
def part_made_up(node: ast.If | ast.While | ast.IfExp | ast.comprehension, view: View) -> Iterator[Change]:
    """A condition lacks a part."""
    code = view.code
    for test in node.ifs if isinstance(node, ast.comprehension) else [node.test]:
        mine = code.of(test)
        for text, binds, risky in atoms(test, view, 2 * SOME):
            if text == mine:
                continue
            for word, needed in (("and", AND), ("or", OR)):
                old = code.operand(test, needed)
                new = f"({text})" if binds < needed else text
                pair = (old, new) if risky else (new, old)
                yield put(code, test, f" {word} ".join(pair), needed)


@rule("part-replaced", LOGIC, -1, ast.If, ast.While, ast.IfExp, ast.BoolOp, ast.comprehension, depth=2)
def part_replaced(node: ast.expr | ast.stmt | ast.comprehension, view: View) -> Iterator[Change]:
    """A condition, or a part of one, should be another."""
    match node:
        case ast.BoolOp(values=tests):
            pass
        case ast.comprehension(ifs=tests):
            pass
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            tests = [test]
    for test in tests:
        for text, binds, _ in atoms(test, view, 2 * SOME):
            if text != view.code.of(test):
                yield put(view.code, test, text, binds)


@rule("condition-made-up", LOGIC, -1, ast.Assign, ast.AugAssign, ast.Expr, ast.Return, depth=2)
def condition_made_up(node: ast.stmt, view: View) -> Iterator[Change]:
    """Something happens always that should happen only sometimes."""
    code = view.code
    if not code.lines_of(node):
        return
    indent = code.indent(node)
    for text, _, _ in atoms(node, view, SOME):
        for body in shifted(code, [node], indent + "    "):
            yield (Splice(body[0].start, body[0].end, f"{indent}if {text}:\n{body[0].text}"), *body[1:])


@rule("guard-made-up", EDGE, -1, *STATEMENTS, depth=2)
def guard_made_up(node: ast.stmt, view: View) -> Iterator[Change]:
    """A special case should be settled here: the round or the whole work ends."""
    code, function = view.code, view.code.scope(node)
    if not code.lines_of(node) or (isinstance(node, ast.If) and is_elif(node, view)):
        return
    jumps = ["continue", "break"] if code.loop(node) is not None else []
    if isinstance(function, ast.FunctionDef):
        jumps += [f"return {text}" for text in (returned(function, view) or ["None"])[:3]]
    for text, _, _ in atoms(node, view, FEW):
        for jump in jumps:
            yield from inserted_before(code, node, [f"if {text}:", f"    {jump}"])


@rule(
    "reset-made-up", LOGIC, -1.5, ast.Assign, ast.AugAssign, ast.Expr, ast.Return, ast.If, ast.For, ast.While, depth=2
)
def reset_made_up(node: ast.stmt, view: View) -> Iterator[Change]:
    """A variable should be changed when a condition holds."""
    code = view.code
    if not code.lines_of(node) or (isinstance(node, ast.If) and is_elif(node, view)):
        return
    counters = [term.text for term in at(view, node, 0) if term.kind in {"int", "bool"} and "(" not in term.text][:5]
    for text, _, _ in atoms(node, view, FEW // 2):
        for name in counters:
            for change in (f"{name} = 0", f"{name} += 1", f"{name} -= 1", f"{name} = not {name}"):
                yield from inserted_before(code, node, [f"if {text}:", f"    {change}"])


@rule("branch-made-up", LOGIC, -1, ast.Assign, ast.AugAssign, ast.Return, ast.Call, depth=2)
def branch_made_up(node: ast.stmt | ast.Call, view: View) -> Iterator[Change]:
    """An expression should have another value when a condition holds."""
    values = node.args if isinstance(node, ast.Call) else [getattr(node, "value", None)]
    if isinstance(node, ast.Call) and name_of(node) in {"range", "len", "map", "int", "isinstance", "zip"}:
        return
    for value in values[:2]:
        if not isinstance(value, ast.expr) or isinstance(value, ast.Starred | ast.GeneratorExp | ast.Tuple):
            continue
        mine = view.code.operand(value, OR)
        for text, _, _ in atoms(value, view, FEW // 2):
            for other in _others(node, value, view):
                yield put(view.code, value, f"{other} if {text} else {mine}", LOOSE)


def _others(node: ast.AST, value: ast.expr, view: View) -> list[str]:
    """What an expression might be instead."""
    mine, kind = view.code.of(value), kind_of(value, view)
    found = ["0", "1"] if kind in {"int", ""} and not isinstance(node, ast.Call) else []
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        found.append(node.targets[0].id)
    for one, other in (
        ("pop()", "popleft()"),
        ("popleft()", "pop()"),
        ("pop()", "pop(0)"),
        ("[0]", "[-1]"),
        ("[-1]", "[0]"),
    ):
        if one in mine:
            found.append(mine.replace(one, other))
    if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub):
        found.append(view.code.operand(value.operand, OR))
    elif kind in {"int", "float", ""} and not isinstance(value, ast.Constant):
        found.append(f"-{view.code.operand(value, SIGN)}")
    if kind in {"list", "str", "deque"}:
        found.append(f"{view.code.operand(value, ATOM)}[::-1]")
    return found
