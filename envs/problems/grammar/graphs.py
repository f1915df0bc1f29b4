"""Graphs as edge lists.

Promises: an edge is `[a, b]` or `[a, b, weight]`; loops and repeated edges occur only where asked for. Does
not promise that every graph is as likely: paths, stars, cycles and clusters are frequent on purpose.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product
from random import Random
from typing import Any

from envs.problems.grammar.bounds import Bound, Env, Size, between
from envs.problems.grammar.node import Node, listed, short

_SHAPES = {
    "basic": ("random",),
    "boundary": ("random", "path"),
    "edge": ("random", "path", "star", "cycle"),
    "adversarial": ("random", "path", "star", "cycle", "clusters"),
}


@dataclass(frozen=True, slots=True)
class Edges(Node):
    """`edges(n, size, directed=False, weight=None, connected=False, acyclic=False, loops=False,
    repeats=False, start=0)`.

    A list of `[a, b]` (with `weight=int(...)`: `[a, b, w]`) over the vertices `start .. start + n - 1`.
    Undirected edges may be written either way round. `acyclic` forbids directed cycles, or any cycle when
    undirected.
    """

    n: Bound
    size: Size
    directed: bool = False
    weight: Node | None = None
    connected: bool = False
    acyclic: bool = False
    loops: bool = False
    repeats: bool = False
    start: int = 0

    def draw(self, rng: Random, category: str, env: Env) -> list[list[Any]]:
        """A skeleton that the category likes, then random edges up to the size."""
        n = self.n.at(env)
        size = self._size(rng, category, env, n)
        shape = _SHAPES[category][int(rng.random() * len(_SHAPES[category]))]
        order = list(range(self.start, self.start + n))
        rng.shuffle(order)
        pairs = _Pairs(self, order)
        for a, b in _skeleton(rng, shape, n, self.connected):
            if pairs.full(size):
                break
            pairs.add(a, b, self.directed and not self.acyclic and not self.connected and rng.random() < 0.5)
        for _ in range(20 * size):
            if pairs.full(size):
                break
            half = n // 2 if shape == "clusters" and n > 3 else 0
            low, high = ((0, half - 1) if rng.random() < 0.5 else (half, n - 1)) if half else (0, n - 1)
            pairs.add(between(rng, low, high), between(rng, low, high), self.directed and rng.random() < 0.5)
        return self._written(rng, category, env, pairs.found)

    def _size(self, rng: Random, category: str, env: Env, n: int) -> int:
        if n < 1:
            return 0
        most = n * (n - 1) // 2 * (2 if self.directed and not self.acyclic else 1) + (n if self.loops else 0)
        if self.acyclic and not self.directed:
            most = n - 1
        lo, hi = self.size.limits(env)
        lo = max(lo, n - 1) if self.connected else lo
        size = self.size.draw(rng, category, env, most=None if self.repeats and (n > 1 or self.loops) else most)
        return min(max(size, lo), max(hi, lo))

    def _written(self, rng: Random, category: str, env: Env, pairs: list[tuple[int, int]]) -> list[list[Any]]:
        edges: list[list[Any]] = []
        for a, b in pairs:
            edge: list[Any] = [a, b] if self.directed or rng.random() < 0.5 else [b, a]
            if self.weight is not None:
                edge.append(self.weight.draw(rng, category, env))
            edges.append(edge)
        if rng.random() < 0.7:
            rng.shuffle(edges)
        return edges

    def fault(self, value: Any, env: Env) -> str | None:
        """Type, each edge, repetition, then connection and cycles."""
        if type(value) is not list:
            return f"{short(value)} is not a list"
        n = self.n.at(env)
        wrong = self.size.fault(len(value), env)
        for edge in value:
            wrong = wrong or self._edge_fault(edge, n, env)
        if wrong:
            return wrong
        pairs = [(edge[0], edge[1]) for edge in value]
        seen = pairs if self.directed else [(min(pair), max(pair)) for pair in pairs]
        if not self.repeats and len(set(seen)) < len(seen):
            return f"{short(value)} repeats an edge"
        return self._whole_fault(pairs, n)

    def _edge_fault(self, edge: Any, n: int, env: Env) -> str | None:
        length = 2 if self.weight is None else 3
        if type(edge) is not list or len(edge) != length or any(type(end) is not int for end in edge[:2]):
            return f"{short(edge)} is not {'[a, b]' if length == 2 else '[a, b, weight]'}"
        if not all(self.start <= end < self.start + n for end in edge[:2]):
            return f"{edge} has an end outside {self.start}..{self.start + n - 1}"
        if edge[0] == edge[1] and not self.loops:
            return f"{edge} is a loop"
        return None if self.weight is None else self.weight.fault(edge[2], env)

    def _whole_fault(self, pairs: list[tuple[int, int]], n: int) -> str | None:
        if self.connected and _parts(pairs, self.start, n) != 1:
            return "the graph is not connected"
        if not self.acyclic:
            return None
        cyclic = _has_directed_cycle(pairs) if self.directed else len(pairs) + _parts(pairs, self.start, n) != n
        return "the graph has a cycle" if cyclic else None

    def values(self, env: Env) -> Iterator[list[list[Any]]]:
        """Fewer edges first, each set of edges once, in one order."""
        n = self.n.at(env)
        places = range(self.start, self.start + n)
        lo, hi = self.size.limits(env)
        pairs = ((a, b) for a in places for b in places if (a != b or self.loops) and (self.directed or a <= b))
        every = listed(pairs) if hi else []
        for size in range(lo, min(hi, len(every)) + 1):
            for chosen in combinations(every, size):
                if self._whole_fault(list(chosen), n):
                    continue
                for row in self._weights(size, env):
                    yield [[*pair, *row[place : place + 1]] for place, pair in enumerate(chosen)]

    def _weights(self, size: int, env: Env) -> Iterator[tuple[Any, ...]]:
        if self.weight is None:
            return iter([()])
        return product(listed(self.weight.values(env)) if size else [], repeat=size)

    def lines(self) -> tuple[Size, Node]:
        """One line for each edge."""
        return self.size, EdgeLine(self.weight)


@dataclass(frozen=True, slots=True)
class EdgeLine(Node):
    """An edge as a line of stdin text: its ends, and its weight if it has one."""

    weight: Node | None

    def read(self, token: str) -> list[Any]:
        """Numbers with one space between them."""
        ends = token.split(" ", 2)
        weights = [] if self.weight is None else [self.weight.read(part) for part in ends[2:]]
        return [int(end) for end in (ends[:2] if self.weight else ends)] + weights

    def unreadable(self) -> Node | None:
        """Its weight, when that cannot be read."""
        return None if self.weight is None else self.weight.unreadable()


class _Pairs:
    """The edges found so far, over places in a hidden order; keeps the rules of its `Edges`."""

    def __init__(self, rule: Edges, order: list[int]) -> None:
        self.rule, self.order = rule, order
        self.found: list[tuple[int, int]] = []
        self.seen: set[tuple[int, int]] = set()
        self.leader = list(range(len(order)))

    def full(self, size: int) -> bool:
        """Whether there are enough."""
        return len(self.found) >= size

    def add(self, a: int, b: int, back: bool) -> None:
        """Adds the edge between two places, backwards if `back`, unless a rule forbids it."""
        rule = self.rule
        low, high = (b, a) if a > b else (a, b)
        if back and not (rule.directed and rule.acyclic):
            low, high = high, low
        if (low == high and not rule.loops) or ((low, high) in self.seen and not rule.repeats):
            return
        if rule.acyclic and not rule.directed and not self._unite(low, high):
            return
        self.seen.add((low, high))
        self.found.append((self.order[low], self.order[high]))

    def _unite(self, a: int, b: int) -> bool:
        a, b = self._find(a), self._find(b)
        self.leader[a] = b
        return a != b

    def _find(self, a: int) -> int:
        while self.leader[a] != a:
            a = self.leader[a]
        return a


def _skeleton(rng: Random, shape: str, n: int, connected: bool) -> list[tuple[int, int]]:
    if shape in ("path", "cycle"):
        return [(place, place + 1) for place in range(n - 1)] + ([(0, n - 1)] if shape == "cycle" and n > 2 else [])
    if shape == "star":
        return [(0, place) for place in range(1, n)]
    return [(between(rng, 0, place - 1), place) for place in range(1, n)] if connected else []


def _parts(pairs: list[tuple[int, int]], start: int, n: int) -> int:
    near: dict[int, list[int]] = {place: [] for place in range(start, start + n)}
    for a, b in pairs:
        near[a].append(b)
        near[b].append(a)
    parts, seen = 0, set[int]()
    for place in near:
        if place in seen:
            continue
        parts += 1
        front = [place]
        while front:
            here = front.pop()
            if here not in seen:
                seen.add(here)
                front.extend(near[here])
    return parts


def _has_directed_cycle(pairs: list[tuple[int, int]]) -> bool:
    left = set(pairs)
    while left:
        targets = {b for _, b in left}
        rest = {(a, b) for a, b in left if a in targets}
        if rest == left:
            return True
        left = rest
    return False
