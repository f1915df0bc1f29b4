"""A program as the repair rules look at it: its tree with text places, its variables, its constants.

Promises: reading only; the same text gives the same view. Does not promise to be cheap: keep it (`view_of` does).
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from functools import cached_property, lru_cache

from envs.problems.bugs.code import Code
from envs.problems.bugs.edits import Change

BUILTINS = frozenset(dir(builtins))
LONGEST = 20_000
"""Longer programs are not looked at."""
MOST_TOLD = 6
"""So many numbers and words of a statement are made use of."""

Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module
Kinds = tuple[tuple[str, frozenset[str]], ...]
SIMPLE = ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Expr | ast.Return | ast.Delete
COMPOUND = ast.For | ast.While | ast.If


class View:
    """One program. Raises ValueError when the text is not a Python program."""

    def __init__(self, source: str, kinds: Kinds = (), entry: str = "", statement: str = "") -> None:
        if len(source) > LONGEST:
            raise ValueError(f"View(source): {len(source)} characters; programs up to {LONGEST} can be repaired")
        self.code = Code(source)
        self.tree = self.code.tree
        self.nodes = list(_mutable(self.tree))
        """The nodes worth changing, each before those inside it."""
        self.task = statement
        """What the program is to do, in words."""
        self.entry = entry
        """The callable that is judged; empty for a script."""
        self.kinds = dict(kinds)
        """Variable -> the kinds of the values that it was seen with, where that is known."""
        self.proposals: dict[str, list[tuple[int, Change, int]]] = {}
        """Rule -> its edits, once they were made (`neighbourhood.py`): place among those at one node, edit, line."""

    @cached_property
    def statements(self) -> list[ast.stmt]:
        """All statements, in order, doc strings and definitions aside."""
        return [node for node in self.nodes if isinstance(node, ast.stmt) and not is_definition(node)]

    @cached_property
    def numbers(self) -> list[int]:
        """The different whole numbers that the program writes."""
        found = [node.value for node in self.nodes if isinstance(node, ast.Constant) and type(node.value) is int]
        return list(dict.fromkeys(found))

    @cached_property
    def told(self) -> list[int]:
        """The numbers that the statement names and the program does not."""
        found = [int(text) for text in re.findall(r"(?<![\w.])-?\d{1,9}(?![\w.])", self.task)]
        return [number for number in dict.fromkeys(found) if number not in self.numbers][:MOST_TOLD]

    @cached_property
    def words(self) -> list[str]:
        """The words that the statement sets apart, such as `none`."""
        return list(dict.fromkeys(re.findall(r"[`\"']([A-Za-z][A-Za-z ]{0,18})[`\"']", self.task)))[:MOST_TOLD]

    @cached_property
    def names(self) -> set[str]:
        """All names that the program uses in any way."""
        found = {node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name)}
        found |= {node.arg for node in ast.walk(self.tree) if isinstance(node, ast.arg)}
        return found | self.imported | {function.name for function in self.functions}

    @cached_property
    def imported(self) -> set[str]:
        """The names that the program imports."""
        return {
            (alias.asname or alias.name).split(".")[0]
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }

    @cached_property
    def functions(self) -> list[ast.FunctionDef]:
        """All functions, in order."""
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)]

    @cached_property
    def _stored(self) -> dict[Scope, list[str]]:
        found: dict[Scope, list[str]] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found.setdefault(node, []).extend(argument.arg for argument in parameters(node))
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found.setdefault(self.code.scope(node), []).append(node.id)
        return {scope: list(dict.fromkeys(names)) for scope, names in found.items()}

    def variables(self, node: ast.AST) -> list[str]:
        """The variables that can be named at a node: its function's own, then those of the scopes around it."""
        found: dict[str, None] = {}
        scope: Scope | None = self.code.scope(node) if not isinstance(node, Scope) else node
        while scope is not None:
            found |= dict.fromkeys(self._stored.get(scope, ()))
            scope = None if isinstance(scope, ast.Module) else self.code.scope(scope)
        return [name for name in found if name not in {"self", "_"}]

    def alike(self, one: str, other: str) -> bool:
        """Whether two variables were seen with values of a common kind; True where nothing is known."""
        mine, others = self.kinds.get(one), self.kinds.get(other)
        return not mine or not others or bool(mine & others)

    def statement(self, node: ast.AST) -> ast.stmt | None:
        """The innermost statement around (or at) a node."""
        here: ast.AST | None = node
        while here is not None and not isinstance(here, ast.stmt):
            here = self.code.parent(here)
        return here if isinstance(here, ast.stmt) else None


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.arg]:
    """The named parameters of a function."""
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def body_of(function: ast.FunctionDef) -> list[ast.stmt]:
    """The statements of a function behind its doc string."""
    return [each for each in function.body if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))]


def is_definition(node: ast.AST) -> bool:
    """Whether a statement defines a function or class, or imports something."""
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom)


def _mutable(tree: ast.AST) -> Iterator[ast.AST]:
    """Not imports, annotations, decorators and doc strings; of an f-string only the whole. In the order of the text."""
    waiting = [*reversed(_inside(tree))]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.JoinedStr):
            waiting += reversed(_inside(node))


def _inside(node: ast.AST) -> list[ast.AST]:
    """The nodes of a node that are worth changing."""
    found: list[ast.AST] = []
    for name, value in ast.iter_fields(node):
        if name not in {"annotation", "returns", "decorator_list"}:
            some = value if isinstance(value, list) else [value]
            found += [each for each in some if isinstance(each, ast.AST) and not _untouchable(each)]
    return found


def _untouchable(node: ast.AST) -> bool:
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Global() | ast.Nonlocal() | ast.expr_context():
            return True
        case ast.Expr(value=ast.Constant()):
            return True
    return False


@lru_cache(maxsize=256)
def view_of(source: str, kinds: Kinds = (), entry: str = "", statement: str = "") -> View:
    """The view of a program; ValueError when it is none."""
    return View(source, kinds, entry, statement)
