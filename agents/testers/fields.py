"""On which bugs testers are measured, and how the results of several testers are put together.

Promises: on a field all testers meet the same bugs, as often; "initially easy, medium, hard" is by the tester named as
the first one, measured with other random draws than those it is compared by. Does not promise that two fields can be
compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents.statistics import Interval
from agents.testers.measure import RATES, Measuring, Scores, Target, choose_targets, measure, summary
from envs.problems import Problem
from sandbox import Sandbox

Summary = Mapping[str, Mapping[str, Interval]]
"""Group of bugs -> rate -> mean and interval."""


@dataclass(frozen=True)
class Field:
    """Some bugs, by the name under which they are shown."""

    name: str
    problems: Sequence[Problem]
    targets: Sequence[Target]


def names_in(source: str) -> str | list[str]:
    """The problems that an argument names, with commas between."""
    return source.split(",") if "," in source else source


def make_field(name: str, source: Any, share: str, each: int, box: Sandbox, seed: int = 0) -> Field:
    """Up to `each` bugs of every problem."""
    from envs.sources import find_problems

    problems = find_problems(source)
    return Field(name, problems, choose_targets(problems, box, each, share, seed))


def measure_on(field: Field, policy: Any, box: Sandbox, how: Measuring) -> Scores:
    """One tester's rates."""
    return measure(policy, field.targets, field.problems, box, how)


def compare(found: Mapping[str, Sequence[Scores]], initial: Scores | None = None) -> dict[str, Summary]:
    """Name of a tester -> its rates with intervals, on bugs that all have rates on; the split is by `initial`."""
    gaps = lacking(found)
    return {name: summary([each.without(gaps) for each in scores], initial) for name, scores in found.items()}


def lacking(found: Mapping[str, Sequence[Scores]]) -> set[str]:
    """The bugs on which some tester has no rate."""
    return {
        target.bug
        for scores in found.values()
        for run in scores
        for target, rate in zip(run.targets, run.rates[RATES[0]], strict=True)
        if rate != rate
    }


def as_json(summaries: Mapping[str, Summary]) -> dict[str, Any]:
    """Intervals as numbers."""
    return {
        name: {group: {rate: each.as_json() for rate, each in rates.items()} for group, rates in groups.items()}
        for name, groups in summaries.items()
    }


def rows(summaries: Mapping[str, Summary], rates: Sequence[str] = RATES[:3]) -> list[list[str]]:
    """A table for people: tester, bugs, and a column for each rate."""
    found = []
    for name, groups in summaries.items():
        for group, values in groups.items():
            found.append([name if group == "all" else "", group, *(str(values.get(rate, "-")) for rate in rates)])
    return found
