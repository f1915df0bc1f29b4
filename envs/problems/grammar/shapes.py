"""Structures with rules of their own: permutations, matrices, grids, intervals, nested lists."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations_with_replacement, permutations, product
from random import Random
from typing import Any

from envs.problems.grammar.arrange import arrange
from envs.problems.grammar.bounds import Bound, Env, GrammarError, Size, between, constant
from envs.problems.grammar.collections import List, items_fault
from envs.problems.grammar.node import Node, listed, short
from envs.problems.grammar.scalars import Int, Str


@dataclass(frozen=True, slots=True)
class Permutation(Node):
    """`permutation(size, start=0)`: a list that holds each of `start`, `start + 1`, ... once."""

    size: Size
    start: int = 0
    spaced = True

    def draw(self, rng: Random, category: str, env: Env) -> list[int]:
        """Shuffled; outside the basic category often the identity, its reverse, a rotation, or one swap."""
        count = self.size.draw(rng, category, env)
        items = list(range(self.start, self.start + count))
        shape = rng.random() if category != "basic" else 1.0
        if shape < 0.1 or count < 2:
            return items
        if shape < 0.2:
            return items[::-1]
        if shape < 0.35:
            turn = between(rng, 1, count - 1)
            return items[turn:] + items[:turn]
        if shape < 0.5:
            here, there = rng.sample(range(count), 2)
            items[here], items[there] = items[there], items[here]
            return items
        rng.shuffle(items)
        return items

    def fault(self, value: Any, env: Env) -> str | None:
        """Every number once."""
        if type(value) is not list or any(type(item) is not int for item in value):
            return f"{short(value)} is not a list of int"
        if sorted(value) != list(range(self.start, self.start + len(value))):
            return f"{short(value)} is not a permutation of {self.start}..{self.start + len(value) - 1}"
        return self.size.fault(len(value), env)

    def values(self, env: Env) -> Iterator[list[int]]:
        """Shorter ones first."""
        lo, hi = self.size.limits(env)
        for size in range(lo, hi + 1):
            yield from map(list, permutations(range(self.start, self.start + size)))

    def read(self, token: str) -> list[int]:
        """Numbers with one space between them."""
        return [int(part) for part in token.split(" ")] if token else []

    def lines(self) -> tuple[Size, Node]:
        """One line for each number."""
        return self.size, Int(constant(self.start), self.size.hi)


@dataclass(frozen=True, slots=True)
class Matrix(Node):
    """`matrix(item, rows, cols)`: a list of rows of equal length; without `cols` it is square."""

    item: Node
    rows: Size
    cols: Size | None = None

    def draw(self, rng: Random, category: str, env: Env) -> list[Any]:
        """One arrangement over all cells, so that equal, mirrored and periodic matrices occur."""
        rows = self.rows.draw(rng, category, env)
        cols = rows if self.cols is None else self.cols.draw(rng, category, env)
        item = self.item
        cells = arrange(rng, category, lambda: item.draw(rng, category, env), rows * cols, item.ordered)
        return [cells[row * cols : (row + 1) * cols] for row in range(rows)]

    def fault(self, value: Any, env: Env) -> str | None:
        """Type, rows, equal columns, cells."""
        if type(value) is not list or any(type(row) is not list for row in value):
            return f"{short(value)} is not a list of lists"
        return self.shape_fault(value, env) or next(
            (f"[{place}]{wrong}" for place, row in enumerate(value) if (wrong := items_fault(self.item, row, env))),
            None,
        )

    def shape_fault(self, value: Any, env: Env) -> str | None:
        """Why the rows and columns are not as many as they must be."""
        wrong = self.rows.fault(len(value), env)
        if wrong:
            return wrong.replace("items", "rows")
        if len({len(row) for row in value}) > 1:
            return f"{short(value)} has rows of different lengths"
        width = len(value[0]) if value else 0
        if self.cols is None:
            return None if width == len(value) else f"has {len(value)} rows and {width} columns: it is not square"
        wrong = self.cols.fault(width, env) if value else None
        return wrong and wrong.replace("items", "columns")

    def values(self, env: Env) -> Iterator[list[Any]]:
        """Fewer rows first, then fewer columns."""
        lo, hi = self.rows.limits(env)
        cells = listed(self.item.values(env)) if hi else []
        for rows in range(lo, hi + 1):
            least, most = (rows, rows) if self.cols is None else self.cols.limits(env)
            for cols in range(least, most + 1):
                for flat in product(cells, repeat=rows * cols):
                    yield [list(flat[row * cols : (row + 1) * cols]) for row in range(rows)]

    def lines(self) -> tuple[Size, Node]:
        """One line for each row."""
        return self.rows, List(self.item, self.rows)


@dataclass(frozen=True, slots=True)
class Grid(Matrix):
    """`grid(alphabet, rows, cols)`: a list of strings of equal length; without `cols` it is square."""

    def draw(self, rng: Random, category: str, env: Env) -> list[str]:
        """A matrix of letters, each row joined."""
        return ["".join(row) for row in Matrix.draw(self, rng, category, env)]

    def fault(self, value: Any, env: Env) -> str | None:
        """Type, rows, equal columns, letters."""
        if type(value) is not list or any(type(row) is not str for row in value):
            return f"{short(value)} is not a list of strings"
        return self.shape_fault(value, env) or items_fault(self.item, list("".join(value)), env)

    def values(self, env: Env) -> Iterator[list[str]]:
        """Fewer rows first, then fewer columns."""
        for rows in Matrix.values(self, env):
            yield ["".join(row) for row in rows]

    def lines(self) -> tuple[Size, Node]:
        """One line for each row."""
        return self.rows, Str("", self.rows)


@dataclass(frozen=True, slots=True)
class Intervals(Node):
    """`intervals(lo, hi, size, empty=False, sorted=False, disjoint=False)`: a list of `[a, b]` with `lo
    <= a < b <= hi`.

    `empty` allows `a == b`; `disjoint` leaves at least one point between neighbours, in any order unless
    `sorted`.
    """

    lo: Bound
    hi: Bound
    size: Size
    empty: bool = False
    sorted: bool = False
    disjoint: bool = False

    def draw(self, rng: Random, category: str, env: Env) -> list[list[int]]:
        """Short ones are frequent; nested, touching and equal ones occur outside the basic category."""
        lo, hi = self.lo.at(env), self.hi.at(env)
        if hi <= lo:
            raise GrammarError(f"intervals({lo}, {hi}) is empty; write lo < hi")
        if self.disjoint:
            count = self.size.draw(rng, category, env, most=(hi - lo + 1) // 2)
            points = sorted(rng.sample(range(lo, hi + 1), 2 * count))
            items = [points[place : place + 2] for place in range(0, len(points), 2)]
        else:
            items = []
            for _ in range(self.size.draw(rng, category, env)):
                items.append(self._next(rng, category, lo, hi, items))
        if self.sorted:
            items.sort()
        elif self.disjoint:
            rng.shuffle(items)
        return items

    def _next(self, rng: Random, category: str, lo: int, hi: int, before: list[list[int]]) -> list[int]:
        least = 0 if self.empty else 1
        start = between(rng, lo, hi - least)
        reach = hi - start
        end = start + between(rng, least, reach if rng.random() < 0.4 else min(reach, max(1, (hi - lo) // 4)))
        if category == "basic" or not before or rng.random() < 0.5:
            return [start, end]
        a, b = before[int(rng.random() * len(before))]
        guess = ([a, b], [b, end], [start, a], [a, end], [start, b], [lo, hi], [a + 1, b - 1])[int(rng.random() * 7)]
        return guess if lo <= guess[0] and guess[0] + least <= guess[1] <= hi else [start, end]

    def fault(self, value: Any, env: Env) -> str | None:
        """Type, size, ends, then order and overlap."""
        if type(value) is not list:
            return f"{short(value)} is not a list"
        wrong = self.size.fault(len(value), env)
        for item in value:
            wrong = wrong or self._one(item, env)
        if wrong:
            return wrong
        if self.sorted and value != sorted(value):
            return f"{short(value)} is not sorted"
        order = sorted(value)
        if self.disjoint and any(left[1] >= right[0] for left, right in zip(order, order[1:], strict=False)):
            return f"{short(value)} has intervals that meet"
        return None

    def _one(self, item: Any, env: Env) -> str | None:
        if type(item) is not list or [type(end) for end in item] != [int, int]:
            return f"{short(item)} is not [start, end]"
        lo, hi = self.lo.at(env), self.hi.at(env)
        good = lo <= item[0] <= item[1] <= hi and (self.empty or item[0] < item[1])
        return None if good else f"{item} does not satisfy {lo} <= start {'<=' if self.empty else '<'} end <= {hi}"

    def values(self, env: Env) -> Iterator[list[list[int]]]:
        """Fewer first."""
        lo, hi = self.lo.at(env), self.hi.at(env)
        least = 0 if self.empty else 1
        fewest, most = self.size.limits(env)
        pairs = ([a, b] for a in range(lo, hi + 1) for b in range(a + least, hi + 1))
        every = listed(pairs) if most else []
        for size in range(fewest, most + 1):
            chosen = combinations_with_replacement(every, size) if self.sorted else product(every, repeat=size)
            for items in chosen:
                value = [list(item) for item in items]
                if not self.fault(value, env):
                    yield value

    def lines(self) -> tuple[Size, Node]:
        """One line for each interval."""
        return self.size, List(Int(self.lo, self.hi), self.size)


@dataclass(frozen=True, slots=True)
class Nested(Node):
    """`nested(item, size, depth)`: a list that holds items and further such lists.

    There are `size` items in all; lists are at most `depth` deep, a flat list being 1 deep.
    """

    item: Node
    size: Size
    depth: int

    def draw(self, rng: Random, category: str, env: Env) -> list[Any]:
        """Items dropped one by one into lists that open and close at random."""
        root: list[Any] = []
        path = [root]
        step = 0.5 if category in ("boundary", "adversarial") else 0.3
        for _ in range(self.size.draw(rng, category, env)):
            while rng.random() < step and len(path) > 1:
                path.pop()
            while rng.random() < step and len(path) < self.depth:
                path[-1].append([])
                path.append(path[-1][-1])
            path[-1].append(self.item.draw(rng, category, env))
        if category == "edge" and self.depth > 1 and rng.random() < 0.4:
            root.insert(between(rng, 0, len(root)), [])
        return root

    def fault(self, value: Any, env: Env) -> str | None:
        """Type, depth, leaves, then their number."""
        if type(value) is not list:
            return f"{short(value)} is not a list"
        leaves = 0
        front = [(value, 1)]
        while front:
            items, depth = front.pop()
            if depth > self.depth:
                return f"lists are more than {self.depth} deep"
            for item in items:
                if type(item) is list:
                    front.append((item, depth + 1))
                    continue
                wrong = self.item.fault(item, env)
                if wrong:
                    return wrong
                leaves += 1
        return self.size.fault(leaves, env)

    def values(self, env: Env) -> Iterator[list[Any]]:
        """Fewer items first; an inner list is never empty here, else there would be no end."""
        lo, hi = self.size.limits(env)
        leaves = listed(self.item.values(env)) if hi else []
        for size in range(lo, hi + 1):
            yield from _nestings(size, self.depth, leaves)


def _nestings(size: int, depth: int, leaves: list[Any]) -> Iterator[list[Any]]:
    if size == 0:
        yield []
        return
    for rest in _nestings(size - 1, depth, leaves):
        for leaf in leaves:
            yield [leaf, *rest]
    if depth > 1:
        for inside in range(1, size + 1):
            for first in _nestings(inside, depth - 1, leaves):
                for rest in _nestings(size - inside, depth, leaves):
                    yield [first, *rest]
