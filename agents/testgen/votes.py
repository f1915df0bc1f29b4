"""What repeated answers to one input say: which is the model's answer, and how far to believe it.

The rule: the share of `k` answers that agree must reach a threshold. The answer is the one that most votes agree
on, not the first. A share is not a chance: `Calibration` says how often so many agreeing answers of so many were
right, as far as that was seen, on problems with references.

Promises: votes that cannot be read, or answer another input, agree with nothing and stay in the denominator;
a tie is no agreement; one answer alone has no certainty, whatever it says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from envs.problems.plain import key

PRIOR_WEIGHT = 2.0
"""So many observations the prior counts for."""


@dataclass(frozen=True, slots=True)
class Tally:
    """The result of a vote."""

    value: Any
    """The answer of the plurality; None when there is no readable vote."""
    agreeing: int
    votes: int
    tied: bool = False
    """Another answer has as many votes."""
    first: Any = None
    """The first readable vote."""

    @property
    def share(self) -> float:
        return self.agreeing / self.votes if self.votes else 0.0

    def passes(self, threshold: float) -> bool:
        """Whether enough of the votes agree."""
        return self.agreeing > 0 and not self.tied and self.share >= threshold


def tally(answers: Sequence[Any], unreadable: int = 0, printed: bool = False) -> Tally:
    """Counts answers; values are the same when they and their types are, printed texts when their lines are."""
    groups: dict[str, list[Any]] = {}
    for answer in answers:
        groups.setdefault(_lines(answer) if printed else key(answer), []).append(answer)
    sizes = sorted((len(group) for group in groups.values()), reverse=True)
    if not sizes:
        return Tally(None, 0, unreadable)
    group = next(group for group in groups.values() if len(group) == sizes[0])
    return Tally(group[0], sizes[0], len(answers) + unreadable, sizes[1:2] == sizes[:1], answers[0])


def _lines(text: str) -> str:
    """White space at line ends and at the end is nothing."""
    return "\n".join(line.rstrip() for line in text.rstrip().split("\n"))


@dataclass
class Calibration:
    """How often answers were right, by how many of how many votes agreed."""

    seen: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    """(votes, agreeing) -> (right, all)."""

    def observe(self, votes: int, agreeing: int, right: bool) -> None:
        """Adds one answer that references could judge."""
        good, total = self.seen.get((votes, agreeing), (0, 0))
        self.seen[votes, agreeing] = (good + right, total + 1)

    def confidence(self, votes: int, agreeing: int) -> float:
        """The chance that the answer is right; of what was never seen, a cautious guess.

        The guess is Laplace's rule over the votes beside the first: without any, it is one half.
        """
        guess = max(agreeing, 0) / (max(votes, 1) + 1)
        good, total = self.seen.get((votes, agreeing), (0, 0))
        return (good + PRIOR_WEIGHT * guess) / (total + PRIOR_WEIGHT)

    def state(self) -> dict[str, Any]:
        """As JSON data."""
        rows = [[*place, *counts] for place, counts in sorted(self.seen.items())]
        return {"columns": ["votes", "agreeing", "right", "all"], "rows": rows}

    @classmethod
    def of_state(cls, state: Mapping[str, Any]) -> Calibration:
        """What `state` wrote."""
        return cls({(votes, agreeing): (good, total) for votes, agreeing, good, total in state["rows"]})

    def merged(self, other: Calibration) -> Calibration:
        """Both tables together."""
        both = dict(self.seen)
        for place, (good, total) in other.seen.items():
            before = both.get(place, (0, 0))
            both[place] = (before[0] + good, before[1] + total)
        return Calibration(both)


def read_calibration(path: Path) -> Calibration:
    """The calibration in a file; an empty one when there is no file yet."""
    if not path.exists():
        return Calibration()
    try:
        return Calibration.of_state(json.loads(path.read_text("utf-8")))
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"calibration: {path} holds none ({error!r}); move it away to begin a new one") from None
