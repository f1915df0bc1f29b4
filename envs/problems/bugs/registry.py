"""The list of mutation operators.

An operator is a function that looks at one node and proposes changes there, each a mistake that people or
language models really make. `@operator(name, kind, *node types)` registers it; the order of registration is
the order of use.
Not promised here: that a change compiles. Whoever makes mutants checks that.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from envs.problems.bugs.code import Code
from envs.problems.bugs.edits import Change, Splice

Propose = Callable[[Any, Code], Iterator[Change]]


@dataclass(frozen=True, slots=True)
class Operator:
    """A named kind of mistake."""

    name: str
    kind: str
    """The family of mistakes that it belongs to: "comparison", "loop", ..."""
    nodes: tuple[type[ast.AST], ...]
    """The node types that it looks at."""
    propose: Propose
    """Yields the changes for one node."""

    @property
    def summary(self) -> str:
        """One line that says what the mistake is."""
        return (self.propose.__doc__ or "").strip().splitlines()[0]


OPERATORS: dict[str, Operator] = {}


def operator(name: str, kind: str, *nodes: type[ast.AST]) -> Callable[[Propose], Propose]:
    """Register a function as the operator `name` for these node types."""

    def register(propose: Propose) -> Propose:
        if name in OPERATORS:
            raise ValueError(f"operator({name!r}): this name is taken; choose another")
        OPERATORS[name] = Operator(name, kind, nodes, propose)
        return propose

    return register


def replaced(code: Code, node: ast.expr, text: str) -> Change:
    """The change that writes `text` in place of an expression, in parentheses where it needs them."""
    return (Splice(*code.outer(node), code.fitting(node, text)),)


def rewritten(place: tuple[int, int] | None, text: str) -> Iterator[Change]:
    """The change that writes `text` over a stretch of text, if the stretch was found."""
    if place is not None:
        yield (Splice(*place, text),)
