"""Loops and jumps: left too early or too late, run once, returned from at the wrong place."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from envs.problems.bugs.edits import Change, Splice
from envs.problems.bugs.layout import dropped, inserted_after, inserted_before
from envs.repairer.rules.conditions import LOGIC
from envs.repairer.rules.registry import over, rule
from envs.repairer.view import View


@rule("jump-kind", LOGIC, 2, ast.Break, ast.Continue)
def jump_kind(node: ast.stmt, view: View) -> Iterator[Change]:
    """`break`, `continue` and doing nothing are mixed up."""
    place = (view.code.start(node), view.code.end(node))
    for text in ("break", "continue", "pass"):
        if text != view.code.of(node):
            yield from over(place, text)


@rule("jump-dropped", LOGIC, 3, ast.Break, ast.Continue)
def jump_dropped(node: ast.stmt, view: View) -> Iterator[Change]:
    """A loop is left too early."""
    if len(view.code.block(node)) > 1:
        yield from dropped(view.code, node)


@rule("pass-as-jump", LOGIC, 2.5, ast.Pass)
def pass_as_jump(node: ast.Pass, view: View) -> Iterator[Change]:
    """A jump is forgotten."""
    if view.code.loop(node) is not None:
        for text in ("break", "continue"):
            yield from over((view.code.start(node), view.code.end(node)), text)


@rule("break-added", LOGIC, 1, ast.If)
def break_added(node: ast.If, view: View) -> Iterator[Change]:
    """A loop should stop (or go on with the next element) after a hit."""
    last = node.body[-1]
    if view.code.loop(node) is not None and isinstance(last, ast.Assign | ast.AugAssign | ast.Expr):
        for text in ("break", "continue"):
            yield from inserted_after(view.code, last, [text])


@rule("loop-once", LOGIC, 2.5, ast.If, ast.While)
def loop_once(node: ast.If | ast.While, view: View) -> Iterator[Change]:
    """What happens once should be repeated, or the other way round."""
    code = view.code
    if isinstance(node, ast.While):
        yield from over((code.start(node), code.start(node) + len("while")), "if")
    elif not node.orelse and code.text.startswith("if", code.start(node)):
        yield from over((code.start(node), code.start(node) + len("if")), "while")


@rule("return-instead-of-jump", LOGIC, 2, ast.Break, ast.Continue)
def return_instead_of_jump(node: ast.stmt, view: View) -> Iterator[Change]:
    """A result found inside a loop is to be returned at once."""
    code, function = view.code, view.code.scope(node)
    if isinstance(function, ast.Module):
        return
    returns = [each for each in ast.walk(function) if isinstance(each, ast.Return)]
    texts = [*(code.of(each) for each in returns), "return True", "return False"]
    names = [name for name in view.variables(node) if name in _assigned_near(node, view)]
    for text in dict.fromkeys([*texts, *(f"return {name}" for name in names)]):
        yield from over((code.start(node), code.end(node)), text)


def _assigned_near(node: ast.AST, view: View) -> set[str]:
    loop = view.code.loop(node)
    inside = ast.walk(loop) if loop is not None else ()
    return {each.id for each in inside if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}


@rule("return-in-loop", LOGIC, 2, ast.Return)
def return_in_loop(node: ast.Return, view: View) -> Iterator[Change]:
    """A function returns in the middle of its work."""
    code = view.code
    if code.loop(node) is not None:
        for text in ("break", "continue"):
            yield from over((code.start(node), code.end(node)), text)


@rule("early-return-dropped", LOGIC, 2.5, ast.Return)
def early_return_dropped(node: ast.Return, view: View) -> Iterator[Change]:
    """A function returns before its result is complete."""
    function = view.code.scope(node)
    if isinstance(function, ast.Module) or function.body[-1] is node:
        return
    yield from dropped(view.code, node)


@rule("else-of-loop", LOGIC, 2, ast.If, ast.For, ast.While)
def else_of_loop(node: ast.If | ast.For | ast.While, view: View) -> Iterator[Change]:
    """What should happen only when a loop was not left by `break`."""
    code = view.code
    if isinstance(node, ast.If):
        always = isinstance(node.test, ast.Constant) and node.test.value is True
        before = code.next_to(node, -1)
        if always and isinstance(before, ast.For | ast.While):
            yield from over((code.start(node), code.start(node.body[0])), f"else:\n{code.indent(node.body[0])}")
        return
    after = code.next_to(node, 1)
    breaks = any(isinstance(each, ast.Break) for each in ast.walk(node))
    if breaks and not node.orelse and after is not None and (lines := code.lines_of(after)):
        indent, inner = code.indent(node), code.indent(node.body[0])
        starts = code.line_starts(*lines)
        moved = [Splice(start, start + len(indent), inner) for start in starts]
        yield (Splice(moved[0].start, moved[0].end, f"{indent}else:\n{inner}"), *moved[1:])


@rule("result-at-once", LOGIC, 1, ast.Assign)
def result_at_once(node: ast.Assign, view: View) -> Iterator[Change]:
    """A loop should end as soon as its result is known."""
    function = view.code.scope(node)
    if view.code.loop(node) is not None and isinstance(node.targets[0], ast.Name):
        yield from inserted_after(view.code, node, ["break"])
        if not isinstance(function, ast.Module):
            yield from inserted_after(view.code, node, [f"return {node.targets[0].id}"])


@rule("loop-skips", LOGIC, 0.5, ast.For, ast.While)
def loop_skips(node: ast.For | ast.While, view: View) -> Iterator[Change]:
    """A loop should pass over empty or zero elements."""
    if isinstance(node, ast.For):
        for name in [each.id for each in ast.walk(node.target) if isinstance(each, ast.Name)]:
            for test in (f"not {name}", f"{name} == 0", f"{name} < 0", f"{name} is None"):
                yield from inserted_before(view.code, node.body[0], [f"if {test}:", "    continue"])
