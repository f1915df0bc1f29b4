"""A repairer that follows a script: the shipped stand-in for tests and examples.

Promises: it is honest about what it does: it tries the programs that it was given for a strategy, all of them, and
returns the one that passes the most tests, or the program as it was where none is better.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

from envs.asking import Asking
from envs.repairer.patient import Attempt, Patient
from envs.repairer.strategies import check_strategy
from sandbox import Report, Verdict


class ScriptedRepairer:
    """Tries the same programs whenever a strategy is used."""

    def __init__(self, programs: Mapping[str, Sequence[str]]) -> None:
        self.programs = {check_strategy(name): list(some) for name, some in programs.items()}

    def attempt(self, state: Patient, strategy: str, rng: Random) -> Asking[Attempt]:
        """The best of the strategy's programs and the one there is."""
        sources = [state.program, *self.programs.get(check_strategy(strategy), ())]
        reports: list[Report] = yield [state.judge(source, state.tests) for source in sources]
        marks = [tuple(verdict is Verdict.PASS for verdict in report.verdicts) for report in reports]
        best = max(range(len(sources)), key=lambda place: (sum(marks[place]), -place))
        state.tried.update(sources)
        return Attempt(
            sources[best], len(sources) - 1, marks[best], f"the best of {len(sources) - 1} scripted programs"
        )
