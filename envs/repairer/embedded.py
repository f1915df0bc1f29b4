"""The embedded repairer: each strategy is one bounded search of its own neighbourhood of edits.

Promises: at most `width` programs are tried in an attempt, none of which was tried for the patient before; the same
patient, strategy and random source give the same attempt; the program that comes back passes at least as many tests
as the one it came from. Does not promise that a plausible program is right.
"""

from __future__ import annotations

import random
from itertools import islice

from envs.asking import Asking
from envs.repairer.neighbourhood import Candidate, neighbourhood, strategy_of
from envs.repairer.patient import Attempt, Patient
from envs.repairer.search import Found, Search, begun
from envs.repairer.strategies import check_strategy
from envs.repairer.view import LONGEST

WIDTH = 40
SURE = 0.75
"""This share of the places goes to the likeliest candidates, the others are drawn from those that follow."""


class EmbeddedRepairer:
    """Repairs by edits of the syntax tree, guided by fault localisation and judged by the sandbox."""

    def __init__(self, width: int = WIDTH) -> None:
        if width < 1:
            raise ValueError(f"EmbeddedRepairer(width={width}): an attempt tries at least one program")
        self.width = width

    def attempt(self, state: Patient, strategy: str, rng: random.Random) -> Asking[Attempt]:
        """One search of a strategy's neighbourhood."""
        check_strategy(strategy)
        search = yield from begun(state, state.program)
        start = search.start
        if all(start.passed) and not search.failed_selection:
            return Attempt(state.program, 0, start.passed, "passes everything: nothing to repair")
        yield from search.explore(self._chosen(search, strategy, rng))
        best = yield from search.best()
        if best is None or (all(start.passed) and sum(best.selection) <= search.selected):
            best = next((found for found in search.better() if not found.plausible), None)
        if best is None:
            why = f"{search.count} programs, none better"
            if len(state.program) > LONGEST:
                why = f"longer than {LONGEST:,} characters, which is not looked at"
            return Attempt(state.program, search.count, start.passed, why)
        return Attempt(best.candidate.source, search.count, best.tests, _note(best))

    def _chosen(self, search: Search, strategy: str, rng: random.Random) -> list[Candidate]:
        """The candidates of this attempt: mostly the likeliest that were not tried yet."""
        chosen: list[Candidate] = []
        for depth in (1, 2):
            known = search.patient.tried | {each.source for each in chosen}
            fresh = (each for each in neighbourhood(search.start, strategy, depth) if each.source not in known)
            places = self.width - len(chosen)
            sure = list(islice(fresh, round(SURE * places)))
            others = list(islice(fresh, 2 * places))
            chosen += sure + rng.sample(others, min(places - len(sure), len(others)))
            if len(chosen) >= self.width:
                break
        return chosen


def _note(found: Found) -> str:
    """What was changed, for a reader."""
    edits = ", then ".join(f"{rule} on line {line} ({strategy_of(rule)})" for rule, line in found.candidate.edits)
    return f"{edits}: passes {sum(found.tests)} of {len(found.tests)} tests"
