"""The comparison: which problems became better or worse, and whether that can be chance.

Promises: only problems that both sides judged are compared, and the others are counted; the same sides give the
same numbers. A program counts as solved by hidden cases, or by all cases of a file of solutions; one that has only
the tests that it was repaired by counts as passing. McNemar's test is the exact one, on problems that one side alone
solved or passes (McNemar 1947); intervals are by the bootstrap over problems.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import comb
from typing import Any

from agents.compare.outcomes import Outcome, Side
from agents.statistics import Interval, over_seeds

MOVERS = 5
EPSILON = 1e-9


@dataclass(frozen=True)
class Pair:
    """One problem on both sides."""

    a: Outcome
    b: Outcome

    @property
    def id(self) -> str:
        return self.a.id

    @property
    def change(self) -> float:
        return self.b.share - self.a.share

    @property
    def word(self) -> str:
        """improved, unchanged or worse."""
        return "unchanged" if abs(self.change) < EPSILON else "improved" if self.change > 0 else "worse"


@dataclass(frozen=True)
class Comparison:
    """Two sides."""

    a: Side
    b: Side
    pairs: tuple[Pair, ...]

    def count(self, word: str) -> int:
        """How many problems are improved, unchanged or worse."""
        return sum(pair.word == word for pair in self.pairs)

    @property
    def discordant(self) -> tuple[int, int]:
        """Of how many problems A alone passes all that judges it, and of how many B alone."""
        alone_a = sum(pair.a.whole and not pair.b.whole for pair in self.pairs)
        return alone_a, sum(pair.b.whole and not pair.a.whole for pair in self.pairs)

    @property
    def judged_by(self) -> dict[str, int]:
        """How many problems are judged by hidden cases, by their own tests, by all cases of a file."""
        return dict(Counter(pair.b.judged_by for pair in self.pairs))

    @property
    def p_value(self) -> float:
        return mcnemar(*self.discordant)

    @property
    def share_change(self) -> Interval:
        """The mean change of the share of cases passed."""
        return over_seeds([pair.change for pair in self.pairs])

    @property
    def solve_change(self) -> Interval:
        """The change of the rate of problems that are solved or pass."""
        return over_seeds([float(pair.b.whole) - float(pair.a.whole) for pair in self.pairs])

    def movers(self, word: str) -> list[Pair]:
        """Those that changed most."""
        some = [pair for pair in self.pairs if pair.word == word]
        return sorted(some, key=lambda pair: (-abs(pair.change), pair.id))[:MOVERS]


def compared(a: Side, b: Side, only: str = "") -> Comparison:
    """The comparison of two sides, or of one problem of theirs."""
    both = [name for name in a.outcomes if name in b.outcomes]
    if only:
        both = [name for name in both if only in (name, name.partition("#")[0])]
        if not both:
            import difflib

            near = difflib.get_close_matches(only, list(a.outcomes), 1)
            raise ValueError(
                f"--problem-id {only}: both sides do not have it" + (f"; did you mean {near[0]!r}?" if near else "")
            )
    if not both:
        raise ValueError(f"{a.name} and {b.name} have no problem in common; compare runs over the same programs")
    return Comparison(a, b, tuple(Pair(a.outcomes[name], b.outcomes[name]) for name in both))


def mcnemar(alone_a: int, alone_b: int) -> float:
    """The two-sided exact p-value: how probable so uneven a split is when neither side is better."""
    trials = alone_a + alone_b
    if not trials:
        return 1.0
    tail = float(sum(comb(trials, count) for count in range(min(alone_a, alone_b) + 1)) / 2**trials)
    return min(1.0, 2 * tail)


def as_json(found: Comparison) -> dict[str, Any]:
    """Everything, as JSON."""
    alone_a, alone_b = found.discordant
    a = _side(found.a, [pair.a for pair in found.pairs])
    b = _side(found.b, [pair.b for pair in found.pairs])
    return {
        "a": a,
        "b": b,
        "compared": len(found.pairs),
        "judged_by": found.judged_by,
        "only_in_a": sorted(set(found.a.outcomes) - set(found.b.outcomes)),
        "only_in_b": sorted(set(found.b.outcomes) - set(found.a.outcomes)),
        "improved": found.count("improved"),
        "unchanged": found.count("unchanged"),
        "worse": found.count("worse"),
        "overall_improvement": b["overall_ratio"] - a["overall_ratio"],
        "mean_change": found.share_change.as_json(),
        "solve_rate_change": found.solve_change.as_json(),
        "mcnemar": {"solved_by_a_alone": alone_a, "solved_by_b_alone": alone_b, "p": found.p_value},
        "most_improved": [pair.id for pair in found.movers("improved")],
        "most_worse": [pair.id for pair in found.movers("worse")],
        "problems": [
            {
                "id": pair.id,
                "a": [pair.a.passed, pair.a.total],
                "b": [pair.b.passed, pair.b.total],
                "change": pair.word,
                "judged_by": pair.b.judged_by,
            }
            for pair in found.pairs
        ],
    }


def _side(side: Side, outcomes: list[Outcome]) -> dict[str, Any]:
    return {
        "name": side.name,
        "solved": sum(each.solved for each in outcomes),
        "passing": sum(each.whole and not each.solved for each in outcomes),
        "overall_ratio": sum(each.passed for each in outcomes) / max(1, sum(each.total for each in outcomes)),
        "mean_share": sum(each.share for each in outcomes) / len(outcomes),
        "cost_usd": round(sum(each.cost_usd for each in outcomes), 8),
        "attempts": sum(each.attempts for each in outcomes),
        "faults": side.faults,
        "simulated": side.simulated,
    }
