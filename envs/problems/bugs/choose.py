"""Which of the measured bugs are kept: no two alike, all tiers and operators in their turn.

Promises: hand-written wrong programs are kept before mutants, single mistakes before pairs, pairs before
rare-input bugs; no tier and no operator drowns the others. The same candidates and seed give the same
choice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, zip_longest
from random import Random
from typing import TYPE_CHECKING, TypeVar

from envs.problems.bugs.bug import HUMAN, TIERS, tier_of

if TYPE_CHECKING:
    from envs.problems.bugs.ground import Measured

KEEP = {"easy": 12, "medium": 18, "hard": 18, "extreme": 12}
"""Tier -> the most bugs kept for one problem, besides the hand-written ones."""
RARE_SHARE = 0.4
"""The greatest share of a tier's places that rare-input bugs may take."""
RARE = "rare-input"
"""The operator of rare-input bugs."""

T = TypeVar("T")


def in_turn(items: Iterable[T], kind: Callable[[T], object], rng: Random) -> list[T]:
    """The items in an order in which the kinds take turns, shuffled within each kind."""
    piles: dict[object, list[T]] = {}
    for item in items:
        piles.setdefault(kind(item), []).append(item)
    for pile in piles.values():
        rng.shuffle(pile)
    turns = list(piles.values())
    rng.shuffle(turns)
    return [item for item in chain.from_iterable(zip_longest(*turns)) if item is not None]


def rank(one: Measured) -> int:
    """Whose turn comes first: hand-written, one mistake, two mistakes, rare input."""
    operators = one.candidate.operators
    return 0 if HUMAN in operators else 3 if RARE in operators else len(operators)


def without_duplicates(found: Sequence[Measured], aside: Counter[str]) -> list[Measured]:
    """One bug for each set of exposing inputs."""
    different: dict[tuple[int, int], Measured] = {}
    for one in sorted(found, key=rank):
        if different.setdefault((one.vector, one.wide), one) is not one:
            aside["duplicate"] += 1
    return list(different.values())


def within_quotas(found: Sequence[Measured], inputs: int, rng: Random, aside: Counter[str]) -> list[Measured]:
    """The hand-written bugs, and up to `KEEP` of each tier."""
    kept = [one for one in found if rank(one) == 0]
    for tier in TIERS:
        mine = [one for one in found if rank(one) and tier_of(one.vector.bit_count() / inputs) == tier]
        usual = in_turn([one for one in mine if rank(one) < 3], lambda one: one.candidate.operators[0], rng)
        rare = in_turn([one for one in mine if rank(one) == 3], lambda one: one.candidate.lines, rng)
        places = round(RARE_SHARE * KEEP[tier])
        chosen = [*usual[: KEEP[tier] - min(len(rare), places)], *rare[:places]]
        aside["surplus"] += len(mine) - len(chosen)
        kept += chosen
    return kept
