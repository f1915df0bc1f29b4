"""Which broken program an episode begins with.

Promises: the same seed draws the same program; drawn ones fail a shown test, so that there is something to see,
unless no bug of the chosen kinds does. Bugs that were made need references; of a problem without any, only its
hand-written wrong programs are there. Does not promise that every problem has a bug of every kind.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from envs.asking import Asking
from envs.problems import Case, Problem
from envs.repair.patience import judged
from envs.sources import guess
from envs.testgen.bugs import BugChoice, pool_of
from sandbox import Report, Sandbox


@dataclass(frozen=True, slots=True)
class Broken:
    """A program to repair."""

    id: str
    source: str
    tier: str = ""
    """How seldom random inputs expose it; empty where nobody measured."""


class BrokenPrograms:
    """The wrong programs that an environment draws from: its keywords `bugs`, `tiers`, `share` and `bugs_each`."""

    def __init__(
        self,
        bugs: str = "all",
        tiers: str | Collection[str] | None = None,
        share: str = "all",
        bugs_each: int | None = None,
    ) -> None:
        self.choice = BugChoice(bugs, tiers, share, bugs_each)

    def of(self, problem: Problem, box: Sandbox) -> list[Broken]:
        """All that an episode of the problem may begin with."""
        if not problem.references:
            some = () if self.choice.kind == "generated" else problem.wrong
            return [Broken(f"{problem.id}-{fingerprint(program.source)}", program.source) for program in some]
        return [Broken(bug.id, bug.source, bug.tier) for bug in self.choice.of(pool_of(problem, box))]

    def named(self, problem: Problem, name: str, box: Sandbox) -> Broken:
        """The bug of that id, of whatever kind it is."""
        known = {each.id: each for each in BrokenPrograms().of(problem, box)}
        if name not in known:
            hint = guess(name, known, f"see: python -m envs.problems bugs {problem.id}")
            raise ValueError(f"reset(options): {problem.id} has no bug {name!r}; {hint}")
        return known[name]


def fingerprint(source: str) -> str:
    """A short name of a program."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def given(options: Mapping[str, Any], problem: Problem, programs: BrokenPrograms, box: Sandbox) -> Broken | None:
    """The program that the options of a reset name, if they do."""
    if (source := options.get("program")) is not None:
        if not isinstance(source, str):
            raise ValueError(f"reset(options): program is {type(source).__name__}, not a text; give the source")
        return Broken(f"{problem.id}-{fingerprint(source)}", source)
    name = options.get("bug")
    return None if name is None else programs.named(problem, str(name), box)


def failing(
    problem: Problem, found: Sequence[Broken], shown: Sequence[Case], rng: Random, trace: bool
) -> Asking[tuple[Broken, Report]]:
    """One that fails a shown test, at random, with its report; where none does, the last one tried."""
    for each in rng.sample(found, len(found)):
        [report] = yield from judged(problem, each.source, shown, trace=trace)
        if not report.all_passed:
            break
    return each, report
