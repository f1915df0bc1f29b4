"""Questions about stretches of a program that rules rebuild: their text, the names they set and change."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator, Sequence
from weakref import WeakKeyDictionary

from envs.problems.bugs.edits import Splice
from envs.repairer.terms import COMPREHENSIONS
from envs.repairer.view import View, parameters

STEP = "    "
LONGEST = 4000
"""Longer stretches are not rebuilt."""


def indented(text: str, by: str = STEP) -> str:
    """A text, further right."""
    return textwrap.indent(text, by)


def lines(statements: Sequence[ast.stmt], view: View, change: tuple[ast.expr, str] | None = None) -> str:
    """Statements of one block as text without indentation, with a text in the place of one expression."""
    if not statements:
        return ""
    code = view.code
    first, last = code.lines_of(statements[0]), code.lines_of(statements[-1])
    if first is None or last is None:
        return "".join(f"{ast.unparse(each)}\n" for each in statements)
    text = code.text[first[0] : last[1]]
    if change is not None:
        start, end = (place - first[0] for place in code.outer(change[0]))
        text = text[:start] + change[1] + text[end:]
    indent = code.indent(statements[0])
    text = "".join(line.removeprefix(indent) for line in text.splitlines(keepends=True))
    return text if text.endswith("\n") else f"{text}\n"


def whole(node: ast.expr, view: View) -> str:
    """The text of an expression as it can stand anywhere: with its own parentheses, or with new ones."""
    text = view.code.text[slice(*view.code.outer(node))]
    bare = isinstance(node, ast.NamedExpr) and not text.startswith("(")
    if isinstance(node, ast.Tuple) and node.elts:
        bare = view.code.start(node) == view.code.outer(node.elts[0])[0]
    return f"({text})" if bare else text


def is_short(node: ast.stmt, view: View) -> bool:
    """Whether a statement stands in lines of its own that can be moved, and is not too long to be written again."""
    code = view.code
    alone = code.lines_of(node) is not None and not code.has_long_string(node)
    return alone and len(code.of(node)) <= LONGEST


def imported(line: str, view: View) -> Splice:
    """The splice that writes an import at the head of a program, behind its doc string and its future imports."""
    place = 0
    for statement in view.tree.body:
        match statement:
            case ast.ImportFrom(module="__future__") | ast.Expr(value=ast.Constant(value=str())):
                own = view.code.lines_of(statement)
                place = own[1] if own is not None else place
            case _:
                break
    return Splice(place, place, f"{line}\n\n")


def stored(nodes: Sequence[ast.AST]) -> list[str]:
    """The names that nodes set, in order; those of comprehensions and inner functions aside."""
    return list(dict.fromkeys(each.id for each in _stores(nodes)))


def _stores(nodes: Sequence[ast.AST]) -> Iterator[ast.Name]:
    stack: list[ast.AST] = [*reversed(nodes)]
    while stack:
        node = stack.pop()
        if isinstance(node, COMPREHENSIONS | ast.FunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node
        stack += reversed(list(ast.iter_child_nodes(node)))


def known_at(node: ast.stmt, view: View) -> list[str]:
    """The names that a function, or the module, has set above one of its statements."""
    scope, code = view.code.scope(node), view.code
    found = [each.arg for each in parameters(scope)] if not isinstance(scope, ast.Module) else []
    found += [each.id for each in _stores_of(scope, view) if code.start(each) < code.start(node)]
    return list(dict.fromkeys(found))


_found_stores: WeakKeyDictionary[View, dict[ast.AST, list[ast.Name]]] = WeakKeyDictionary()


def _stores_of(scope: ast.FunctionDef | ast.AsyncFunctionDef | ast.Module, view: View) -> list[ast.Name]:
    found = _found_stores.setdefault(view, {})
    if scope not in found:
        found[scope] = list(_stores(scope.body))
    return found[scope]


def changed(nodes: Sequence[ast.AST]) -> set[str]:
    """The names whose values nodes change in place: by an entry, by a method, as a heap."""
    found: set[str] = set()
    for each in (inner for node in nodes for inner in ast.walk(node)):
        match each:
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()):
                found.add(name)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))):
                found.add(name)
            case ast.Call(func=ast.Attribute(value=owner, attr="pop" | "popleft" | "popitem" | "append" | "add")):
                found |= read([owner.body, owner.orelse] if isinstance(owner, ast.IfExp) else [owner])
            case ast.Call(func=ast.Name(id=function), args=[ast.Name(id=name), *_]) if function.startswith("heap"):
                found.add(name)
            case ast.Call(func=ast.Attribute(attr=function), args=[ast.Name(id=name), *_]) if "heap" in function:
                found.add(name)
    return found


def read(nodes: Sequence[ast.AST]) -> set[str]:
    """All names in nodes."""
    return {each.id for node in nodes for each in ast.walk(node) if isinstance(each, ast.Name)}


def simple_parts(statement: ast.stmt) -> Iterator[ast.AST]:
    """A statement and what it does once: not what is in its inner loops and functions."""
    stack: list[ast.AST] = [statement]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.For | ast.While | ast.FunctionDef | ast.Lambda):
            continue
        yield node
        once = [node.generators[0].iter] if isinstance(node, COMPREHENSIONS) else list(ast.iter_child_nodes(node))
        stack += reversed(once)


def targets(names: Sequence[str]) -> str:
    """Names as the target of an assignment, and as the inside of a tuple."""
    return ", ".join(names) + ("," if len(names) == 1 else "")
