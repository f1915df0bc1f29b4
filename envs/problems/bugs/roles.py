"""Which variables look alike: those of one function used in the same ways, and so easily mixed up."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from envs.problems.bugs.code import Code

ROLES: dict[str, tuple[type[ast.AST], ...]] = {
    "index": (ast.Subscript, ast.Slice),
    "sequence": (ast.For, ast.comprehension),
    "truth": (ast.If, ast.While, ast.BoolOp),
    "number": (ast.BinOp, ast.Compare, ast.AugAssign, ast.UnaryOp, ast.Call),
    "result": (ast.Return, ast.Assign),
}
TAKE_SEQUENCES = frozenset({"len", "sum", "sorted", "enumerate", "reversed", "set", "list"})
MOST = 2
"""Alternatives offered for one use of a variable."""


def lookalikes(code: Code, node: ast.Name) -> Iterator[str]:
    """Up to two other variables that someone could write in place of this one, the nearest first."""
    parent = code.parent(node)
    if not isinstance(node.ctx, ast.Load) or (isinstance(parent, ast.Call) and parent.func is node):
        return
    uses = _uses(code, code.scope(node))
    mine = uses.get(node.id, {})
    here = code.start(node)
    near = {
        name: min(abs(place - here) for place in places)
        for name, roles in uses.items()
        if name != node.id and roles.keys() & mine.keys() - {"stored"}
        for places in [[place for found in roles.values() for place in found]]
        if min(places) < here
    }
    yield from sorted(near, key=lambda name: (near[name], name))[:MOST]


def roles_of(code: Code, scope: ast.FunctionDef, name: str) -> set[str]:
    """What a variable of a function is used as, such as `sequence` or `number`."""
    return set(_uses(code, scope).get(name, ()))


@lru_cache(maxsize=64)
def _uses(code: Code, scope: ast.FunctionDef | ast.AsyncFunctionDef | ast.Module) -> dict[str, dict[str, list[int]]]:
    """Each local variable's roles, and where it plays them."""
    stored: set[str] = set()
    if not isinstance(scope, ast.Module):
        stored |= {argument.arg for argument in scope.args.args if argument.arg != "self"}
    names = [node for node in ast.walk(scope) if isinstance(node, ast.Name) and code.scope(node) is scope]
    stored |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
    uses: dict[str, dict[str, list[int]]] = {}
    for node in sorted(names, key=code.start):
        if node.id in stored:
            uses.setdefault(node.id, {}).setdefault(_role(code, node), []).append(code.start(node))
    return uses


def _role(code: Code, node: ast.Name) -> str:
    """What a variable is used as at one place."""
    if isinstance(node.ctx, ast.Store):
        return "stored"
    parent = code.parent(node)
    if isinstance(parent, ast.Attribute):
        return f"object with {parent.attr}"
    match parent:
        case ast.Subscript(value=value) if value is node:
            return "sequence"
        case ast.Compare(ops=[ast.In() | ast.NotIn()]) if parent.left is not node:
            return "container"
        case ast.Call(func=ast.Name(id=name)) if name in TAKE_SEQUENCES:
            return "sequence"
    return next((role for role, types in ROLES.items() if isinstance(parent, types)), "other")
