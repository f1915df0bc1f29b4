"""What statements may do to values that names hold, as far as their syntax tells.

Promises: in doubt, a change is assumed. Does not promise that nothing else changes a value: the function under test,
and whatever is called only to look at a value, is taken to leave it alone.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable

ASSERTION = re.compile(r"assert(?:\w*Equals?|Is|True|False|IsNone)")
"""Methods of unittest that say, or seem to say, what a call returns."""
CLOSE = ("isclose", "allclose", "assert_allclose")
_LOOKING = frozenset({
    "abs", "all", "any", "bool", "bytes", "dict", "enumerate", "float", "frozenset", "int", "isinstance", "len", "list",
    "max", "min", "print", "range", "repr", "round", "set", "sorted", "str", "sum", "tuple", "type", "zip",
    "approx", "copy", "deepcopy", *CLOSE,
})  # fmt: skip
"""What is called only to look at a value or to make another of it."""
_OTHERWISE = (
    ast.AugAssign, ast.Delete, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom,
    ast.ExceptHandler, ast.Match,
)  # fmt: skip
"""What changes a value in its place, or gives a name one otherwise than by storing it."""


def may_change(node: ast.AST, under_test: Callable[[ast.expr], bool]) -> bool:
    """Whether a simple statement may change a value otherwise than by giving its own targets another."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.NamedExpr | ast.Yield | ast.YieldFrom):
            return True
        if isinstance(inner, ast.Call) and not (under_test(inner.func) or _looks(inner)):
            return True
    return False


def _looks(call: ast.Call) -> bool:
    match call.func:
        case ast.Name(id=name):
            return name in _LOOKING or (name[:1].isupper() and not call.args)  # `Solution()`
        case ast.Attribute(value=ast.Constant() | ast.JoinedStr()):
            return True
        case ast.Attribute(attr=name):
            return name in ("approx", "copy", "deepcopy", *CLOSE) or name.startswith("assert")
    return False


def bound_by(block: ast.AST, under_test: Callable[[ast.expr], bool]) -> set[str] | None:
    """The names that a statement with others inside gives values; None if it may change a value in another way."""
    nodes = list(ast.walk(block))
    places = [node for node in nodes if isinstance(node, ast.Subscript | ast.Attribute)]
    if may_change(block, under_test) or any(not isinstance(node.ctx, ast.Load) for node in places):
        return None
    if any(isinstance(node, _OTHERWISE) for node in nodes):
        return None
    return {node.id for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}


def holds_tests(node: ast.AST) -> bool:
    """Whether an assert stands anywhere inside a statement."""
    return any(
        isinstance(inner, ast.Assert) or (isinstance(inner, ast.Attribute) and bool(ASSERTION.fullmatch(inner.attr)))
        for inner in ast.walk(node)
    )


def times_bound(body: list[ast.stmt]) -> Counter[str]:
    """How often the names of a text are given a value."""
    nodes = [inner for statement in body for inner in ast.walk(statement)]
    return Counter(node.id for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load))


def always_runs(node: ast.If | ast.With) -> bool:
    """Whether the body runs when the statement is reached: `if __name__ == "__main__"`, `with self.subTest(...)`."""
    match node:
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__"), ops=[ast.Eq()])):
            return True
        case ast.With(items=[ast.withitem(ast.Call(func=ast.Attribute(attr="subTest")), optional_vars=None)]):
            return True
    return False
