"""Trees as nested lists.

Promises: a tree is `[value, [child, ...]]`; a binary tree is None or `[value, left, right]`. Does not promise
that every shape is as likely: chains and stars are frequent on purpose.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from envs.problems.grammar.bounds import Env, GrammarError, Size, between
from envs.problems.grammar.collections import distinct_items
from envs.problems.grammar.node import Node, listed, short


@dataclass(frozen=True, slots=True)
class Tree(Node):
    """`tree(value, size)`: `[value, [child, ...]]` with `size` nodes in all."""

    value: Node
    size: Size

    def draw(self, rng: Random, category: str, env: Env) -> list[Any]:
        """Random attachment; chains, stars and caterpillars outside the basic category."""
        count = self.size.draw(rng, category, env)
        if count < 1:
            raise GrammarError("a tree has at least one node: write a size of 1 or more")
        shape = rng.random() if category in ("edge", "adversarial") else 1.0
        nodes: list[list[Any]] = [[self.value.draw(rng, category, env), []] for _ in range(count)]
        for place in range(1, count):
            parent = (
                place - 1 if shape < 0.25 else 0 if shape < 0.4 else place - 1 - place % 2 if shape < 0.55 else None
            )
            nodes[between(rng, 0, place - 1) if parent is None else max(parent, 0)][1].append(nodes[place])
        return nodes[0]

    def fault(self, value: Any, env: Env) -> str | None:
        """Each node, then their number."""
        front, count = [value], 0
        while front:
            node = front.pop()
            if type(node) is not list or len(node) != 2 or type(node[1]) is not list:
                return f"{short(node)} is not [value, [child, ...]]"
            wrong = self.value.fault(node[0], env)
            if wrong:
                return wrong
            count += 1
            front.extend(node[1])
        return self.size.fault(count, env)

    def values(self, env: Env) -> Iterator[list[Any]]:
        """Smaller ones first."""
        lo, hi = self.size.limits(env)
        every = listed(self.value.values(env)) if hi else []
        for size in range(max(lo, 1), hi + 1):
            yield from _trees(size, every)


def _trees(size: int, values: list[Any]) -> Iterator[list[Any]]:
    for forest in _forests(size - 1, values):
        for value in values:
            yield [value, forest]


def _forests(size: int, values: list[Any]) -> Iterator[list[Any]]:
    if size == 0:
        yield []
        return
    for first_size in range(1, size + 1):
        for first in _trees(first_size, values):
            for rest in _forests(size - first_size, values):
                yield [first, *rest]


@dataclass(frozen=True, slots=True)
class BinaryTree(Node):
    """`binary_tree(value, size, search=False)`: None or `[value, left, right]`.

    `search` keeps smaller values on the left and greater ones on the right.
    """

    value: Node
    size: Size
    search: bool = False

    def draw(self, rng: Random, category: str, env: Env) -> Any:
        """Random splits; chains and zigzags outside the basic category."""
        if self.search:
            values = sorted(distinct_items(rng, category, self.value, self.size, env))
        else:
            values = [self.value.draw(rng, category, env) for _ in range(self.size.draw(rng, category, env))]
        shape = rng.random() if category in ("edge", "adversarial") else 1.0
        lean = "left" if shape < 0.15 else "right" if shape < 0.3 else "zigzag" if shape < 0.45 else "random"
        return _binary(rng, lean, values, 0, len(values))

    def fault(self, value: Any, env: Env) -> str | None:
        """Each node, the order of the values, then their number."""
        front, order, path = value, list[Any](), list[Any]()
        while path or front is not None:
            while front is not None:
                if type(front) is not list or len(front) != 3:
                    return f"{short(front)} is not None or [value, left, right]"
                path.append(front)
                front = front[1]
            node = path.pop()
            wrong = self.value.fault(node[0], env)
            if wrong:
                return wrong
            order.append(node[0])
            front = node[2]
        if self.search and any(left >= right for left, right in zip(order, order[1:], strict=False)):
            return f"{short(value)} is not a search tree"
        return self.size.fault(len(order), env)

    def values(self, env: Env) -> Iterator[Any]:
        """Smaller ones first."""
        lo, hi = self.size.limits(env)
        every = listed(self.value.values(env)) if hi else []
        for size in range(lo, hi + 1):
            for tree in _binaries(size, every):
                if not self.search or self.fault(tree, env) is None:
                    yield tree


def _binary(rng: Random, lean: str, values: list[Any], first: int, last: int) -> Any:
    """The tree whose values, read from left to right, are `values[first:last]`."""
    if first == last:
        return None
    if lean == "random":
        root = between(rng, first, last - 1)
    else:
        root = last - 1 if lean == "left" or (lean == "zigzag" and (last - first) % 2) else first
    return [values[root], _binary(rng, lean, values, first, root), _binary(rng, lean, values, root + 1, last)]


def _binaries(size: int, values: list[Any]) -> Iterator[Any]:
    if size == 0:
        yield None
        return
    for on_left in range(size):
        for left in _binaries(on_left, values):
            for right in _binaries(size - 1 - on_left, values):
                for value in values:
                    yield [value, left, right]
