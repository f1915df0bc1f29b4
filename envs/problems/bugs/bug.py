"""A bug: a wrong program with its history, and the inputs that expose it.

Promises: plain records; the tier follows from the share of the drawn inputs that expose the bug, and from
nothing else. Does not promise that two bugs of one problem differ on inputs outside the sample.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from random import Random

from envs.problems.bugs.edits import unified_diff

TIERS = {"easy": 0.5, "medium": 0.1, "hard": 0.02, "extreme": 0.0}
"""Tier -> the least share of drawn inputs that expose a bug of the tier."""
HUMAN = "human"
"""The operator of wrong programs that were written by hand."""


def tier_of(rate: float) -> str:
    """The tier of a bug that this share of the drawn inputs exposes."""
    return next(tier for tier, least in TIERS.items() if rate >= least)


@dataclass(frozen=True, slots=True)
class Bug:
    """One wrong program of a problem."""

    id: str
    """The problem's id and a fingerprint of the source: the same in every run."""
    source: str
    original: str
    """The reference that it was made from; for a hand-written one, the problem's first reference."""
    operators: tuple[str, ...]
    """The mistakes, in order of place: names of operators, `rare-input`, or `human`."""
    lines: tuple[int, ...]
    """The line of the original (from 1) at which each mistake is; empty for a hand-written program."""
    mistake: str
    """What is wrong, for a reader."""
    vector: int
    """The inputs of the pool that expose it: bit i is set when input i does."""
    drawn: int
    """The pool's first so many inputs were drawn at random; only they count for the rate."""
    witness: int
    """The number of the shortest input that exposes it."""

    @property
    def order(self) -> int:
        """How many mistakes were made: 1 or 2; 0 for a hand-written program."""
        return len(self.lines)

    @property
    def rate(self) -> float:
        """The share of drawn inputs that expose it."""
        return (self.vector & ((1 << self.drawn) - 1)).bit_count() / self.drawn

    @property
    def tier(self) -> str:
        """easy, medium, hard or extreme."""
        return tier_of(self.rate)

    @property
    def diff(self) -> str:
        """The unified diff from the original."""
        return unified_diff(self.original, self.source)

    def kills(self, index: int) -> bool:
        """Whether input `index` of the pool exposes the bug."""
        return bool(self.vector >> index & 1)


def choose_bugs(
    bugs: Sequence[Bug],
    count: int,
    seed: int | str,
    tiers: Collection[str] | None = None,
    operators: Collection[str] | None = None,
) -> list[Bug]:
    """Up to `count` different bugs, drawn evenly over the tiers; the same seed draws the same ones."""
    if unknown := set(tiers or ()) - TIERS.keys():
        raise ValueError(f"choose_bugs(tiers={tiers}): {min(unknown)!r} is unknown; choose from {', '.join(TIERS)}")
    rng = Random(f"choose/{seed}")
    piles: dict[str, list[Bug]] = {tier: [] for tier in TIERS if tiers is None or tier in tiers}
    for bug in bugs:
        if bug.tier in piles and (operators is None or not set(operators).isdisjoint(bug.operators)):
            piles[bug.tier].append(bug)
    for pile in piles.values():
        rng.shuffle(pile)
    chosen: list[Bug] = []
    while len(chosen) < count and any(piles.values()):
        chosen += [pile.pop() for pile in piles.values() if pile]
    return chosen[:count]
