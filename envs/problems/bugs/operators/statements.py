"""Mistakes with whole statements: dropped, doubled, out of order, at the wrong depth."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from envs.problems.bugs.code import Code
from envs.problems.bugs.edits import Change, Splice
from envs.problems.bugs.layout import dropped, inserted_after, shifted
from envs.problems.bugs.registry import operator, replaced, rewritten

SIMPLE = ast.Assign | ast.AugAssign | ast.Expr
JUMPS = ast.Return | ast.Break | ast.Continue | ast.Raise


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _named(node: ast.stmt) -> set[str]:
    """All variables that a statement names."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def _changed(node: ast.stmt) -> set[str]:
    """The variables that a statement may change: those it assigns, and those whose methods or items it uses."""
    changed = {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
    held = [part.value for part in ast.walk(node) if isinstance(part, ast.Attribute | ast.Subscript)]
    return changed | {part.id for part in held if isinstance(part, ast.Name)}


def _may_fail(node: ast.AST) -> bool:
    """Whether an expression fails for some values: an index, a division, a conversion, something taken out."""
    match node:
        case ast.Subscript(slice=ast.Name() | ast.BinOp() | ast.Tuple(), ctx=ast.Load()):
            return True
        case ast.BinOp(op=ast.Div() | ast.FloorDiv() | ast.Mod(), right=ast.Name() | ast.BinOp() | ast.Call()):
            return True
        case ast.Call(func=ast.Name(id="int" | "next" | "min" | "max")):
            return True
        case ast.Call(func=ast.Attribute(attr="pop" | "popleft" | "index" | "remove")):
            return True
    return False


@operator("statement-dropped", "statement", ast.Expr, ast.AugAssign, ast.Assign, ast.Delete)
def statement_dropped(node: ast.stmt, code: Code) -> Iterator[Change]:
    """A statement is forgotten."""
    if not _is_docstring(node):
        yield from dropped(code, node)


@operator("statement-doubled", "statement", ast.Expr, ast.AugAssign)
def statement_doubled(node: ast.stmt, code: Code) -> Iterator[Change]:
    """A statement is there twice."""
    if node.lineno == node.end_lineno and not _is_docstring(node):
        yield from inserted_after(code, node, [code.of(node)])


@operator("statements-swapped", "statement", ast.Expr, ast.AugAssign, ast.Assign, ast.If)
def statements_swapped(node: ast.stmt, code: Code) -> Iterator[Change]:
    """Two neighbouring statements are in the wrong order."""
    after = code.next_to(node, 1)
    if after is None or _is_docstring(node) or not isinstance(after, SIMPLE | ast.If):
        return
    related = (_changed(node) & _named(after)) | (_changed(after) & _named(node))
    if related and code.lines_of(node) and code.lines_of(after):
        yield (
            Splice(code.start(node), code.end(node), code.of(after)),
            Splice(code.start(after), code.end(after), code.of(node)),
        )


@operator("leaves-block", "statement", ast.Expr, ast.AugAssign, ast.Assign, ast.Return)
def leaves_block(node: ast.stmt, code: Code) -> Iterator[Change]:
    """The last statement of a loop or branch stands one level too far left."""
    around = code.parent(node)
    if isinstance(around, ast.For | ast.While | ast.If) and not around.orelse and len(around.body) > 1:
        is_elif = code.text.startswith("elif", code.start(around))
        if around.body[-1] is node and not is_elif and code.lines_of(around):
            yield from shifted(code, [node], code.indent(around))


@operator("enters-block", "statement", ast.Expr, ast.AugAssign, ast.Assign, ast.Return)
def enters_block(node: ast.stmt, code: Code) -> Iterator[Change]:
    """The statement after a loop or branch stands one level too far right."""
    before = code.next_to(node, -1)
    if isinstance(before, ast.For | ast.While | ast.If) and not before.orelse and code.lines_of(before.body[-1]):
        if isinstance(before, ast.If) and isinstance(before.body[-1], JUMPS):
            return
        yield from shifted(code, [node], code.indent(before.body[-1]))


@operator("base-case-dropped", "statement", ast.If)
def base_case_dropped(node: ast.If, code: Code) -> Iterator[Change]:
    """The first cases that a function settles at once are not settled."""
    function = code.parent(node)
    settles = isinstance(node.body[-1], ast.Return | ast.Raise)
    if isinstance(function, ast.FunctionDef) and settles and not node.orelse:
        yield from dropped(code, node)


@operator("early-return", "statement", ast.Assign, ast.AugAssign)
def early_return(node: ast.Assign | ast.AugAssign, code: Code) -> Iterator[Change]:
    """A function returns its result before it is complete."""
    function, target = code.scope(node), node.targets[0] if isinstance(node, ast.Assign) else node.target
    if isinstance(function, ast.Module) or code.parent(node) is function or not isinstance(target, ast.Name):
        return
    last = function.body[-1]
    if isinstance(last, ast.Return) and isinstance(last.value, ast.Name) and last.value.id == target.id:
        yield from inserted_after(code, node, [f"return {target.id}"])


@operator("return-value", "statement", ast.Return)
def return_value(node: ast.Return, code: Code) -> Iterator[Change]:
    """A special case returns the wrong value."""
    match node.value:
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1)):
            options = ["0", "None"]
        case ast.Constant(value=bool()):
            options = []
        case ast.Constant(value=int()):
            options = ["-1", "None"]
        case ast.List(elts=[]):
            options = ["None", "[[]]"]
        case ast.Constant(value=""):
            options = ["None"]
        case ast.Constant(value=None):
            options = ["0", "[]"]
        case _:
            return
    for text in options:
        yield replaced(code, node.value, text)


@operator("exception-swallowed", "exception", ast.Assign, ast.AugAssign, ast.Expr)
def exception_swallowed(node: ast.stmt, code: Code) -> Iterator[Change]:
    """An error is hidden, and the computation goes on with a stale value."""
    lines = code.lines_of(node)
    if lines is None or isinstance(code.parent(node), ast.Try) or not any(map(_may_fail, ast.walk(node))):
        return
    indent = code.indent(node)
    unit = "\t" if "\t" in indent else "    "
    after = "" if code.text[: lines[1]].endswith("\n") else "\n"
    for body in shifted(code, [node], indent + unit):
        first = Splice(body[0].start, body[0].end, f"{indent}try:\n{body[0].text}")
        tail = f"{after}{indent}except Exception:\n{indent}{unit}pass\n"
        yield (first, *body[1:], Splice(lines[1], lines[1], tail))


@operator("handler-emptied", "exception", ast.ExceptHandler)
def handler_emptied(node: ast.ExceptHandler, code: Code) -> Iterator[Change]:
    """An error is caught, and nothing is done about it."""
    first, last = node.body[0], node.body[-1]
    if not isinstance(first, ast.Pass):
        yield from rewritten((code.start(first), code.end(last)), "pass")


@operator("handler-too-narrow", "exception", ast.ExceptHandler)
def handler_too_narrow(node: ast.ExceptHandler, code: Code) -> Iterator[Change]:
    """The wrong kind of error is caught."""
    match node.type:
        case ast.Name(id="ValueError" | "Exception"):
            yield replaced(code, node.type, "KeyError")
        case ast.Name(id="KeyError" | "IndexError" | "ZeroDivisionError"):
            yield replaced(code, node.type, "ValueError")


@operator("raise-dropped", "exception", ast.Raise)
def raise_dropped(node: ast.Raise, code: Code) -> Iterator[Change]:
    """A mistake in the input goes unnoticed."""
    yield from rewritten((code.start(node), code.end(node)), "pass")
