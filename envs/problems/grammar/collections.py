"""Values made of other values: lists, tuples, sets, dictionaries, alternatives, joined strings."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, combinations_with_replacement, permutations, product
from random import Random
from typing import Any

from envs.problems.grammar.arrange import arrange, reorder
from envs.problems.grammar.bounds import Env, GrammarError, Size
from envs.problems.grammar.node import Node, listed, short
from envs.problems.grammar.scalars import Int


def distinct_items(rng: Random, category: str, item: Node, size: Size, env: Env) -> list[Any]:
    """Items that are all different; as many as a size says, or fewer where the item has too few values."""
    if isinstance(item, Int):
        lo, hi = item.limits(env)
        count = size.draw(rng, category, env, most=hi - lo + 1)
        return _distinct_ints(rng, category, item, count, env)
    count = size.draw(rng, category, env)
    found: dict[str, Any] = {}
    for _ in range(20 * count + 20):
        if len(found) == count:
            break
        value = item.draw(rng, category, env)
        found[repr(value)] = value
    if size.fault(len(found), env):
        raise GrammarError(f"only {len(found)} different items were found where {count} are needed; allow more values")
    return list(found.values())


def _distinct_ints(rng: Random, category: str, item: Int, count: int, env: Env) -> list[int]:
    lo, hi = item.limits(env)
    if hi - lo < 4 * count:
        return rng.sample(range(lo, hi + 1), count)
    found: dict[int, None] = {}
    tries = 0
    while len(found) < count:
        tries += 1
        found[item.draw(rng, category if tries < 4 * count else "uniform", env)] = None
    return list(found)


@dataclass(frozen=True, slots=True)
class List(Node):
    """`list(item, size, distinct=False, sorted=False)`; `sorted` is True (rising) or "down" (falling)."""

    item: Node
    size: Size
    distinct: bool = False
    sorted: bool | str = False

    @property
    def spaced(self) -> bool:  # type: ignore[override]
        """A list takes the rest of its line."""
        return True

    def draw(self, rng: Random, category: str, env: Env) -> list[Any]:
        """Items in a shape that the category likes."""
        item = self.item
        if self.distinct:
            items = distinct_items(rng, category, item, self.size, env)
            items = reorder(rng, category, items, item.ordered)
        else:
            size = self.size.draw(rng, category, env)
            items = arrange(rng, category, lambda: item.draw(rng, category, env), size, item.ordered)
        return sorted(items, reverse=self.sorted == "down") if self.sorted else items

    def fault(self, value: Any, env: Env) -> str | None:
        """Type, length, items, then order and repetition."""
        if type(value) is not list:
            return f"{short(value)} is not a list"
        wrong = self.size.fault(len(value), env) or items_fault(self.item, value, env)
        if wrong:
            return wrong
        if self.distinct and len({repr(item) for item in value}) < len(value):
            return f"{short(value)} repeats an item"
        if self.sorted and value != sorted(value, reverse=self.sorted == "down"):
            return f"{short(value)} is not sorted" + (" from high to low" if self.sorted == "down" else "")
        return None

    def values(self, env: Env) -> Iterator[list[Any]]:
        """Shorter ones first."""
        lo, hi = self.size.limits(env)
        for size in range(lo, hi + 1):
            for items in self._choose()(listed(self.item.values(env)) if size else [], size):
                yield list(items)

    def _choose(self) -> Any:
        if self.sorted == "down":
            choose = combinations if self.distinct else combinations_with_replacement
            return lambda items, size: choose(sorted(items, reverse=True), size)
        if self.sorted:
            return combinations if self.distinct else combinations_with_replacement
        return permutations if self.distinct else lambda items, size: product(items, repeat=size)

    def read(self, token: str) -> list[Any]:
        """Items with one space between them."""
        return [self.item.read(part) for part in token.split(" ")] if token else []

    def unreadable(self) -> Node | None:
        """Its items, when they cannot be read."""
        return self.item.unreadable()

    def lines(self) -> tuple[Size, Node]:
        """One line for each item."""
        return self.size, self.item


def items_fault(item: Node, value: list[Any], env: Env) -> str | None:
    """The first fault among the items, with its place."""
    for place, part in enumerate(value):
        wrong = item.fault(part, env)
        if wrong:
            return f"[{place}]: {wrong}"
    return None


@dataclass(frozen=True, slots=True)
class Tuple(Node):
    """`tuple(a, b, ...)`: one value of each kind."""

    items: tuple[Node, ...]

    @property
    def ordered(self) -> bool:  # type: ignore[override]
        """When all its parts are."""
        return all(item.ordered for item in self.items)

    @property
    def spaced(self) -> bool:  # type: ignore[override]
        """A tuple takes the rest of its line."""
        return True

    def draw(self, rng: Random, category: str, env: Env) -> tuple[Any, ...]:
        """Each part on its own."""
        return tuple([item.draw(rng, category, env) for item in self.items])

    def fault(self, value: Any, env: Env) -> str | None:
        """Type, length, parts."""
        if type(value) is not tuple:
            return f"{short(value)} is not a tuple"
        if len(value) != len(self.items):
            return f"{short(value)} has {len(value)} parts, not {len(self.items)}"
        for place, (item, part) in enumerate(zip(self.items, value, strict=True)):
            wrong = item.fault(part, env)
            if wrong:
                return f"[{place}]: {wrong}"
        return None

    def values(self, env: Env) -> Iterator[tuple[Any, ...]]:
        """The last part changes quickest."""
        yield from product(*(listed(item.values(env)) for item in self.items))

    def read(self, token: str) -> tuple[Any, ...]:
        """Parts with one space between them."""
        parts = token.split(" ")
        if len(parts) != len(self.items):
            raise ValueError(f"{short(token)} has {len(parts)} tokens, not {len(self.items)}")
        return tuple(item.read(part) for item, part in zip(self.items, parts, strict=True))

    def unreadable(self) -> Node | None:
        """The first part that cannot be read."""
        return next(filter(None, (item.unreadable() for item in self.items)), None)


@dataclass(frozen=True, slots=True)
class Set(Node):
    """`set(item, size)`."""

    item: Node
    size: Size

    def draw(self, rng: Random, category: str, env: Env) -> set[Any]:
        """Different items."""
        return set(distinct_items(rng, category, self.item, self.size, env))

    def fault(self, value: Any, env: Env) -> str | None:
        """Type, size, items."""
        if type(value) is not set:
            return f"{short(value)} is not a set"
        return self.size.fault(len(value), env) or items_fault(self.item, sorted(value, key=repr), env)

    def values(self, env: Env) -> Iterator[set[Any]]:
        """Smaller ones first."""
        lo, hi = self.size.limits(env)
        for size in range(lo, hi + 1):
            for items in combinations(listed(self.item.values(env)) if size else [], size):
                yield set(items)


@dataclass(frozen=True, slots=True)
class Dict(Node):
    """`dict(key, value, size)`."""

    key: Node
    item: Node
    size: Size

    def draw(self, rng: Random, category: str, env: Env) -> dict[Any, Any]:
        """Different keys, values in a shape that the category likes."""
        keys = distinct_items(rng, category, self.key, self.size, env)
        item = self.item
        return dict(
            zip(
                keys,
                arrange(rng, category, lambda: item.draw(rng, category, env), len(keys), item.ordered),
                strict=True,
            )
        )

    def fault(self, value: Any, env: Env) -> str | None:
        """Type, size, keys, values."""
        if type(value) is not dict:
            return f"{short(value)} is not a dict"
        wrong = self.size.fault(len(value), env)
        for key, item in value.items():
            wrong = wrong or self.key.fault(key, env)
            inner = self.item.fault(item, env)
            if inner and not wrong:
                wrong = f"[{short(key)}]: {inner}"
        return wrong

    def values(self, env: Env) -> Iterator[dict[Any, Any]]:
        """Smaller ones first."""
        lo, hi = self.size.limits(env)
        for size in range(lo, hi + 1):
            for keys in combinations(listed(self.key.values(env)) if size else [], size):
                for items in product(listed(self.item.values(env)) if size else [], repeat=size):
                    yield dict(zip(keys, items, strict=True))


@dataclass(frozen=True, slots=True)
class Either(Node):
    """`either(a, b, ...)`: a value of any of the kinds; `optional(a)` is `either(a, None)`, mostly `a`."""

    options: tuple[Node, ...]

    def draw(self, rng: Random, category: str, env: Env) -> Any:
        """Each kind as likely."""
        return self.options[int(rng.random() * len(self.options))].draw(rng, category, env)

    def fault(self, value: Any, env: Env) -> str | None:
        """Fits none of the kinds."""
        faults = [option.fault(value, env) for option in self.options]
        return None if None in faults else " and ".join(dict.fromkeys(fault for fault in faults if fault))

    def values(self, env: Env) -> Iterator[Any]:
        """Kind by kind; a kind that stands there several times, to be drawn more often, only once."""
        for option in {id(option): option for option in self.options}.values():
            yield from option.values(env)

    @property
    def spaced(self) -> bool:  # type: ignore[override]
        """When any of its kinds does."""
        return any(option.spaced for option in self.options)

    def read(self, token: str) -> Any:
        """The first kind that can read it."""
        for option in self.options:
            try:
                return option.read(token)
            except ValueError:
                continue
        raise ValueError(f"{short(token)} fits none of {len(self.options)} kinds")

    def unreadable(self) -> Node | None:
        """The first kind that cannot be read."""
        return next(filter(None, (option.unreadable() for option in self.options)), None)

    def lines(self) -> tuple[Size, Node]:
        """As many lines as its kinds have, each like a line of any of them."""
        found = [option.lines() for option in self.options]
        first, last = found[0][0], found[-1][0]
        same = all(size.exact and size.lo.text == first.lo.text for size, _ in found)
        return first if same else Size(first.lo, last.hi), Either(tuple(item for _, item in found))


@dataclass(frozen=True, slots=True)
class Join(Node):
    """`join(sep, list)`: the strings of a list with a separator between them, which they do not hold."""

    sep: str
    items: List
    ordered = True

    @property
    def spaced(self) -> bool:  # type: ignore[override]
        """A string that holds spaces takes the rest of its line."""
        return " " in self.sep or self.items.item.spaced

    def draw(self, rng: Random, category: str, env: Env) -> str:
        """Like its list."""
        return self.sep.join(str(item) for item in self.items.draw(rng, category, env))

    def fault(self, value: Any, env: Env) -> str | None:
        """Split, and every part checked."""
        if type(value) is not str:
            return f"{short(value)} is not a str"
        try:
            parts = [self.items.item.read(part) for part in value.split(self.sep)] if value else []
        except ValueError as error:
            return str(error)
        return self.items.fault(parts, env)

    def values(self, env: Env) -> Iterator[str]:
        """Like its list."""
        for items in self.items.values(env):
            yield self.sep.join(str(item) for item in items)

    def read(self, token: str) -> str:
        """The text itself."""
        return token
