"""How good a trained chooser is on bugs of problems that it never met, beside the rules.

Promises: all choosers meet the same bugs with the same budget of attempts; solved means that the hidden cases
pass. Intervals are 95 % bootstrap intervals, with seeds and bugs drawn anew; a bug on which the machine
failed for any chooser is left out for all, and counted; when no bug is left there is no result, and the fault is told.
Differences are paired, bug by bug. Where no episode says whether it `solved` anything, returns are compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.episodes import Episode
from agents.statistics import Interval, over_seeds, over_seeds_and_items
from sandbox import SandboxFault

Table = NDArray[np.float64]


@dataclass(frozen=True)
class HeldOut:
    """Who solved what."""

    solved: dict[str, Table]
    """Chooser -> seeds x bugs, 1 where the episode ended with a right program."""
    attempts: dict[str, Table]
    """How many attempts were made."""
    left_out: int
    """Bugs left out because the machine failed."""
    returns: dict[str, Table] | None = None
    """The sum of an episode's rewards, where no episode says `solved`."""

    @staticmethod
    def of(played: Mapping[str, Sequence[Sequence[Episode]]]) -> HeldOut:
        """From the episodes of each chooser: for each seed those of all bugs, in the same order."""
        every = [row for rows in played.values() for row in rows]
        kept = [place for place in range(len(every[0])) if not any(row[place].fault for row in every)]
        if not kept:
            why = next((episode.fault for row in every for episode in row if episode.fault), "none could be drawn")
            raise SandboxFault(f"the machine failed on every one of {len(every[0])} held-out bugs: {why}")

        def table(rows: Sequence[Sequence[Episode]], what: str) -> Table:
            return np.array([[float(_of(row[place], what)) for place in kept] for row in rows])

        def tables(what: str) -> dict[str, Table]:
            return {name: table(rows, what) for name, rows in played.items()}

        silent = all(row[place].silent for row in every for place in kept)
        returns = tables("return") if silent else None
        return HeldOut(tables("solved"), tables("attempts"), len(every[0]) - len(kept), returns)

    @property
    def compared(self) -> dict[str, Table]:
        """What choosers are compared by: what they solved, or their returns."""
        return self.solved if self.returns is None else self.returns

    def rate(self, name: str) -> Interval:
        """The share of bugs solved, or the mean return."""
        return over_seeds_and_items(self.compared[name])

    def rate_over_seeds(self, name: str) -> Interval:
        """The same with only the seeds drawn anew: these very bugs, other luck."""
        return over_seeds(self.compared[name].mean(axis=1))

    def gain(self, name: str, other: str) -> Interval:
        """By how much one solves, or earns, more than the other, paired by seed and bug."""
        one, two = self.compared[name], self.compared[other]
        rows = max(len(one), len(two))
        return over_seeds_and_items(np.resize(one, (rows, one.shape[1])) - np.resize(two, (rows, two.shape[1])))

    def as_json(self, budget: int) -> dict[str, Any]:
        """For a summary."""
        return {name: self._row(name, budget) for name in self.solved}

    def _row(self, name: str, budget: int) -> dict[str, Any]:
        what = "solve_rate" if self.returns is None else "mean_return"
        row = {
            what: self.rate(name).as_json(),
            f"{what}_over_seeds": self.rate_over_seeds(name).as_json(),
            f"{what}_of_each_seed": self.compared[name].mean(axis=1).tolist(),
            "mean_attempts": float(self.attempts[name].mean()),
        }
        if self.returns is None:
            row["solved_within"] = [float(self._within(name, most).mean()) for most in range(1, budget + 1)]
        return row

    def _within(self, name: str, most: int) -> Table:
        return self.solved[name] * (self.attempts[name] <= most)


def _of(episode: Episode, what: str) -> float:
    found = {"solved": episode.solved, "return": episode.reward, "attempts": len(episode.moves)}
    return float(found[what])
