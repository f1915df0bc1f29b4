"""Orders of items that find mistakes: equal, rising, falling, mirrored, periodic, in runs, nearly sorted.

Promises: exactly `size` items, all made by `fresh`. Does not promise that a shape shows in very short lists.
"""

from collections.abc import Callable
from random import Random
from typing import Any

from envs.problems.grammar.bounds import between

_EDGE = ("equal", "rising", "falling", "alternating", "odd one", "mirror", "plain")
_ADVERSARIAL = ("few", "few", "nearly sorted", "runs", "periodic", "mirror", "plain", "plain")
_ORDERS = ("rising", "falling", "nearly sorted", "plain")


def arrange(rng: Random, category: str, fresh: Callable[[], Any], size: int, ordered: bool) -> list[Any]:
    """`size` fresh items in a shape that the category likes."""
    if size < 2 or category == "boundary":
        return [fresh() for _ in range(size)]
    if category == "basic":
        if rng.random() < 0.75:
            return [fresh() for _ in range(size)]
        return _few(rng, fresh, size)
    shapes = _EDGE if category == "edge" else _ADVERSARIAL
    return _shape(rng, shapes[int(rng.random() * len(shapes))], fresh, size, ordered)


def reorder(rng: Random, category: str, items: list[Any], ordered: bool) -> list[Any]:
    """The same items, which are all different, in an order that the category likes."""
    if category in ("basic", "boundary") or not ordered:
        return items
    return _sorted_somehow(rng, _ORDERS[int(rng.random() * len(_ORDERS))], items)


def _shape(rng: Random, shape: str, fresh: Callable[[], Any], size: int, ordered: bool) -> list[Any]:
    if shape == "equal":
        return [fresh()] * size
    if shape == "odd one":
        items = [fresh()] * size
        items[(0, size - 1, size // 2)[int(rng.random() * 3)]] = fresh()
        return items
    if shape in ("alternating", "periodic"):
        period = [fresh() for _ in range(2 if shape == "alternating" else between(rng, 2, 4))]
        return [period[place % len(period)] for place in range(size)]
    if shape == "few":
        return _few(rng, fresh, size)
    if shape == "runs":
        return _runs(rng, fresh, size)
    items = [fresh() for _ in range(size)]
    if shape == "mirror":
        half = items[: (size + 1) // 2]
        return half + half[: size // 2][::-1]
    return _sorted_somehow(rng, shape, items) if ordered else items


def _few(rng: Random, fresh: Callable[[], Any], size: int) -> list[Any]:
    stock = [fresh() for _ in range(between(rng, 2, 3))]
    return [stock[int(rng.random() * len(stock))] for _ in range(size)]


def _runs(rng: Random, fresh: Callable[[], Any], size: int) -> list[Any]:
    items: list[Any] = []
    while len(items) < size:
        items.extend([fresh()] * between(rng, 1, max(2, size // 3)))
    return items[:size]


def _sorted_somehow(rng: Random, shape: str, items: list[Any]) -> list[Any]:
    if shape in ("rising", "falling", "nearly sorted"):
        items = sorted(items, reverse=shape == "falling")
    if shape == "nearly sorted" and items:
        here, there = between(rng, 0, len(items) - 1), between(rng, 0, len(items) - 1)
        items[here], items[there] = items[there], items[here]
    return items
