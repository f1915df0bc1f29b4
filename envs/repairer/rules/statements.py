"""Whole statements: one too many, missing, out of order, at the wrong depth."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from envs.problems.bugs.edits import Change, Splice
from envs.problems.bugs.layout import dropped, inserted_after, inserted_before, shifted
from envs.repairer.rules.guards import is_elif
from envs.repairer.rules.registry import over, rule
from envs.repairer.view import COMPOUND, SIMPLE, View, body_of, is_definition

STATE = "variable_state_tracking"
SHORT = 3
"""Lines below its head that a block may have to be copied as a whole."""


@rule("statement-dropped", STATE, 3, ast.Assign, ast.AugAssign, ast.Expr)
def statement_dropped(node: ast.stmt, view: View) -> Iterator[Change]:
    """A statement is not needed."""
    yield from dropped(view.code, node)


@rule("doubled-dropped", STATE, 5, ast.Assign, ast.AugAssign, ast.Expr)
def doubled_dropped(node: ast.stmt, view: View) -> Iterator[Change]:
    """A statement is there twice."""
    after = view.code.next_to(node, 1)
    if after is not None and view.code.of(after) == view.code.of(node):
        yield from dropped(view.code, after)


@rule("changed-while-read", STATE, 1.5, ast.For, ast.While)
def changed_while_read(node: ast.For | ast.While, view: View) -> Iterator[Change]:
    """What a loop reads must be as it was when the loop began its round."""
    code, inner = view.code, [each for statement in node.body for each in ast.walk(statement)]
    entries = [each.value for each in inner if isinstance(each, ast.Subscript) and isinstance(each.ctx, ast.Store)]
    changed = {each.id: each for each in entries if isinstance(each, ast.Name)}
    for name in changed:
        reads = [each for each in inner if isinstance(each, ast.Name) and each.id == name and each not in entries]
        copied = f"[row[:] for row in {name}]" if "list:list" in view.kinds.get(name, ()) else f"{name}.copy()"
        for head in inserted_before(code, node.body[0], [f"old_{name} = {copied}"]):
            if reads:
                yield tuple(
                    sorted([*head, *(Splice(code.start(each), code.end(each), f"old_{name}") for each in reads)])
                )


@rule("statement-doubled", STATE, 0.5, ast.Assign, ast.AugAssign, ast.Expr)
def statement_doubled(node: ast.stmt, view: View) -> Iterator[Change]:
    """A statement is needed twice."""
    yield from inserted_after(view.code, node, _lines(node, view))


@rule("statements-swapped", STATE, 2.5, ast.Assign, ast.AugAssign, ast.Expr, ast.If, ast.For, ast.While)
def statements_swapped(node: ast.stmt, view: View) -> Iterator[Change]:
    """Two neighbouring statements are in the wrong order."""
    code, after = view.code, view.code.next_to(node, 1)
    movable = isinstance(after, SIMPLE | COMPOUND) and not isinstance(after, ast.Return)
    if after is not None and movable and code.lines_of(node) and code.lines_of(after):
        yield (
            Splice(code.start(node), code.end(node), code.of(after)),
            Splice(code.start(after), code.end(after), code.of(node)),
        )


@rule("leaves-block", STATE, 2.5, ast.Assign, ast.AugAssign, ast.Expr, ast.Return, ast.If)
def leaves_block(node: ast.stmt, view: View) -> Iterator[Change]:
    """The last statement of a block stands one level too far right."""
    code, around = view.code, view.code.parent(node)
    if not isinstance(around, COMPOUND | ast.Try) or not code.lines_of(around) or is_elif_like(around, view):
        return
    block = code.block(node)
    if block[-1] is not node or len(block) < 2 or (block is around.body and around.orelse):
        return
    yield from shifted(code, [node], code.indent(around))


def is_elif_like(node: ast.AST, view: View) -> bool:
    """Whether a statement is an `if` written as `elif`."""
    return isinstance(node, ast.If) and is_elif(node, view)


@rule("enters-block", STATE, 2.5, ast.Assign, ast.AugAssign, ast.Expr, ast.Return, ast.If)
def enters_block(node: ast.stmt, view: View) -> Iterator[Change]:
    """The statement after a block belongs to it."""
    code, before = view.code, view.code.next_to(node, -1)
    while isinstance(before, COMPOUND) and code.lines_of(before):
        last = before.orelse[-1] if before.orelse else before.body[-1]
        if code.lines_of(last):
            yield from shifted(code, [node], code.indent(last))
        before = last


@rule("block-leaves", STATE, 1, ast.For, ast.While)
def block_leaves(node: ast.stmt, view: View) -> Iterator[Change]:
    """A loop at the end of a block stands one level too far right."""
    yield from leaves_block(node, view)


@rule("moved-into-loop", STATE, 2, ast.Assign, ast.AugAssign, ast.Expr)
def moved_into_loop(node: ast.stmt, view: View) -> Iterator[Change]:
    """What each round should do is done once, before the loop."""
    code = view.code
    lines = code.lines_of(node)
    for step in (1, 2, 3):
        loop = code.next_to(node, step)
        if lines and isinstance(loop, ast.For | ast.While) and code.lines_of(loop.body[0]):
            for insertion in inserted_before(code, loop.body[0], _lines(node, view)):
                yield (Splice(*lines, ""), *insertion)
            inner = loop.body[0]
            if isinstance(inner, ast.For | ast.While) and code.lines_of(inner.body[0]):
                for insertion in inserted_before(code, inner.body[0], _lines(node, view)):
                    yield (Splice(*lines, ""), *insertion)


@rule("moved-before-loop", STATE, 1.5, ast.Assign, ast.AugAssign, ast.Expr)
def moved_before_loop(node: ast.stmt, view: View) -> Iterator[Change]:
    """What should be done once, before the loop, is done in each round."""
    code, loop = view.code, view.code.parent(node)
    lines = code.lines_of(node)
    if isinstance(loop, ast.For | ast.While) and lines and len(loop.body) > 1 and code.lines_of(loop):
        for insertion in inserted_before(code, loop, _lines(node, view)):
            yield (*insertion, Splice(*lines, ""))


@rule("moved-in-block", STATE, 1, ast.Assign, ast.AugAssign, ast.Expr, ast.If)
def moved_in_block(node: ast.stmt, view: View) -> Iterator[Change]:
    """A statement stands at the wrong place of its block."""
    code, block = view.code, view.code.block(node)
    lines, here = code.lines_of(node), view.code.block(node).index(node)
    if lines is None or is_elif_like(node, view):
        return
    for place, other in enumerate(block):
        if abs(place - here) > 1 and not is_definition(other) and code.lines_of(other):
            insert = inserted_before if place < here else inserted_after
            if insert is inserted_after and isinstance(other, ast.Return | ast.Break | ast.Continue):
                continue
            for insertion in insert(code, other, _lines(node, view)):
                yield (*insertion, Splice(*lines, ""))


@rule("moved-into-branch", STATE, 1, ast.Assign, ast.AugAssign, ast.Expr)
def moved_into_branch(node: ast.stmt, view: View) -> Iterator[Change]:
    """A statement belongs into the branch that follows it."""
    code, after = view.code, view.code.next_to(node, 1)
    lines = code.lines_of(node)
    if lines and isinstance(after, ast.If) and code.lines_of(after.body[0]):
        for insertion in inserted_before(code, after.body[0], _lines(node, view)):
            yield (Splice(*lines, ""), *insertion)


@rule("moved-out-of-branch", STATE, 1, ast.Assign, ast.AugAssign, ast.Expr)
def moved_out_of_branch(node: ast.stmt, view: View) -> Iterator[Change]:
    """A statement at the head of a branch belongs before it."""
    code, around = view.code, view.code.parent(node)
    lines = code.lines_of(node)
    if not isinstance(around, ast.If) or not lines or is_elif(around, view):
        return
    if around.body[0] is node and len(around.body) > 1:
        for insertion in inserted_before(code, around, _lines(node, view)):
            yield (*insertion, Splice(*lines, ""))


@rule("statement-copied", STATE, 0, ast.Assign, ast.AugAssign, ast.Expr, ast.Return, ast.If, ast.For, ast.While)
def statement_copied(node: ast.stmt, view: View) -> Iterator[Change]:
    """A statement that stands elsewhere is missing here (before the node, or at the end of its block)."""
    code, names = view.code, set(view.variables(node))
    if not code.lines_of(node) or is_elif_like(node, view):
        return
    for other in view.statements:
        if not isinstance(other, SIMPLE | ast.Break | ast.Continue) and not is_short(other, view):
            continue
        if other is node or not code.lines_of(other):
            continue
        if isinstance(other, ast.Break | ast.Continue) and code.loop(node) is None:
            continue
        if code.next_to(other, 1) is not node and _bound(other, view) <= names:
            yield from inserted_before(code, node, _lines(other, view))
        if code.block(node)[-1] is node and not isinstance(node, ast.Return) and _bound(other, view) <= names:
            yield from inserted_after(code, node, _lines(other, view))


def is_short(node: ast.stmt, view: View) -> bool:
    """Whether a statement is a short `if` without `else`, which may be copied as a whole."""
    short = isinstance(node, ast.If) and not node.orelse and not is_elif(node, view)
    return short and (node.end_lineno or 0) - node.lineno <= SHORT


def _bound(node: ast.stmt, view: View) -> set[str]:
    """The local variables that a statement uses."""
    local = set(view.variables(node))
    loaded = {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)}
    return loaded & local


def _lines(node: ast.stmt, view: View) -> list[str]:
    """The lines of a statement, without the indentation of its own block."""
    indent = view.code.indent(node)
    first, *rest = view.code.of(node).split("\n")
    return [first, *(line.removeprefix(indent) for line in rest)]


@rule("try-unwrapped", STATE, 3, ast.Try)
def try_unwrapped(node: ast.Try, view: View) -> Iterator[Change]:
    """An error is hidden, and the computation goes on with a stale value."""
    code = view.code
    lines, first, last = code.lines_of(node), code.lines_of(node.body[0]), code.lines_of(node.body[-1])
    if lines and first and last and not node.finalbody:
        for body in shifted(code, node.body, code.indent(node)):
            yield (Splice(lines[0], first[0], ""), *body, Splice(last[1], lines[1], ""))


@rule("handler-kind", STATE, 2, ast.ExceptHandler)
def handler_kind(node: ast.ExceptHandler, view: View) -> Iterator[Change]:
    """The wrong kind of error is caught, or nothing is done about it."""
    code = view.code
    for kind in ("Exception", "ValueError", "KeyError", "IndexError", "ZeroDivisionError", "TypeError"):
        if isinstance(node.type, ast.Name) and node.type.id != kind:
            yield (Splice(code.start(node.type), code.end(node.type), kind),)
    if isinstance(node.body[0], ast.Pass):
        function = code.scope(node)
        results = ["return None", "return 0", "return -1", "return False", "return []", 'return ""']
        texts = ["continue", "break"] if code.loop(node) is not None else []
        texts += results if isinstance(function, ast.FunctionDef) else []
        for text in texts:
            yield from over((code.start(node.body[0]), code.end(node.body[0])), text)


@rule("pass-as-raise", STATE, 1, ast.Pass)
def pass_as_raise(node: ast.Pass, view: View) -> Iterator[Change]:
    """A statement is missing where only `pass` stands."""
    names = set(view.variables(node))
    for other in view.statements:
        if isinstance(other, SIMPLE) and view.code.lines_of(other) and _bound(other, view) <= names:
            yield from over((view.code.start(node), view.code.end(node)), view.code.of(other))
    yield from over((view.code.start(node), view.code.end(node)), "raise ValueError")


@rule("result-returned", STATE, 2, ast.FunctionDef)
def result_returned(node: ast.FunctionDef, view: View) -> Iterator[Change]:
    """A function forgets to return its result."""
    body = body_of(node)
    if not body or isinstance(body[-1], ast.Return):
        return
    stored = {
        each.id: None for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }
    for text in (*reversed(stored), "False", "True", "0", "-1", "None"):
        yield from inserted_after(view.code, body[-1], [f"return {text}"])
    last = body[-1]
    if isinstance(last, ast.Expr):
        yield (Splice(view.code.start(last), view.code.start(last), "return "),)
