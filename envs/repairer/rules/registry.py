"""The list of repair rules.

A rule is a function that looks at one node of a program and proposes changes there, each of which undoes a mistake
that people, language models or mutations make. `@rule(name, strategy, prior, *node types)` registers it. Several
rules look at nodes of the same type; each strategy has its own.

Promises: the same program gets the same edits in the same order. Not promised here: that an edit compiles, or that
it changes anything; the sandbox tells.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from envs.problems.bugs.code import Code
from envs.problems.bugs.edits import Change, Splice
from envs.problems.bugs.precedence import ATOM, level, needed_level
from envs.repairer.strategies import check_strategy
from envs.repairer.view import View

Propose = Callable[[Any, View], Iterator[Change]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A named kind of edit."""

    name: str
    strategy: str
    prior: float
    """The logarithm of how likely the rule holds the right edit, before anything is known of the program's runs."""
    nodes: tuple[type[ast.AST], ...]
    propose: Propose
    depth: int = 1
    """1 for rules whose edits are few; 2 for those that make up expressions, which are tried when the others failed; 3
    for those that rebuild a stretch of the program, whose results may take long: a whole repair alone tries them."""

    @property
    def summary(self) -> str:
        """One line that says what it mends."""
        return (self.propose.__doc__ or "").strip().splitlines()[0]


RULES: dict[str, Rule] = {}


def rule(name: str, strategy: str, prior: float, *nodes: type[ast.AST], depth: int = 1) -> Callable[[Propose], Propose]:
    """Registers a function as the rule `name` of a strategy."""

    def register(propose: Propose) -> Propose:
        if name in RULES:
            raise ValueError(f"rule({name!r}): this name is taken; choose another")
        RULES[name] = Rule(name, check_strategy(strategy), prior, nodes, propose, depth)
        return propose

    return register


def put(code: Code, node: ast.expr, text: str, binds: int = ATOM) -> Change:
    """The change that writes a text, which binds so tightly, in place of an expression and its parentheses."""
    parent = code.parent(node)
    loose = parent is not None and binds < needed_level(parent, node)
    return (Splice(*code.outer(node), f"({text})" if loose else text),)


def put_node(code: Code, node: ast.expr, other: ast.expr) -> Change:
    """The change that writes one expression of the program in place of another."""
    return put(code, node, code.of(other), level(other))


def swap(code: Code, left: ast.expr, right: ast.expr) -> Change:
    """The change that exchanges two expressions."""
    return (*put_node(code, left, right), *put_node(code, right, left))


def over(place: tuple[int, int] | None, text: str) -> Iterator[Change]:
    """The change that writes a text over a stretch of the program, if there is such a stretch."""
    if place is not None:
        yield (Splice(*place, text),)
