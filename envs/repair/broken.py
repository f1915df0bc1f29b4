"""Which broken program an episode begins with.

Promises: the same seed draws the same program; drawn ones fail a shown test, so that there is something to see; where
no bug of the chosen kinds does, a test that it fails is shown as well, if any is known. Bugs that were made need
references; of a problem without any, only its hand-written wrong programs are there. Does not promise that every
problem has a bug of every kind.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from envs.asking import Asking
from envs.problems import Case, Problem
from envs.repair.patience import judged
from envs.repair.slips import slipped, slips
from envs.sources import no_bug
from envs.testgen.bugs import BugChoice, pool_of, reported
from sandbox import Report, Sandbox
from sandbox.guess import guess

SLIP = "~"
"""Stands between the id of a bug and the name of the slip that was added to it."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A program to repair."""

    id: str
    """Such as `carries_in_base-1a2b3c4d`, or `carries_in_base-1a2b3c4d~colon-3` with a slip."""
    source: str
    tier: str = ""
    """How seldom random inputs expose it; empty where nobody measured."""


class BrokenPrograms:
    """The wrong programs that an environment draws from: `bugs`, `tiers`, `share`, `bugs_each` and `slips`."""

    def __init__(
        self,
        bugs: str = "all",
        tiers: str | Collection[str] | None = None,
        share: str = "all",
        bugs_each: int | None = None,
        slips: float = 0.0,
    ) -> None:
        if isinstance(slips, bool) or not isinstance(slips, int | float) or not 0 <= slips <= 1:
            raise ValueError(f"slips: {slips!r} is not a share of episodes; give a number from 0 to 1")
        self.choice, self.slips = BugChoice(bugs, tiers, share, bugs_each), slips

    def of(self, problem: Problem, box: Sandbox) -> list[Broken]:
        """All that an episode of the problem may begin with."""
        if not problem.references:
            some = () if self.choice.kind == "generated" else problem.wrong
            return [Broken(f"{problem.id}-{fingerprint(program.source)}", program.source) for program in some]
        return [Broken(bug.id, bug.source, bug.tier) for bug in self.choice.of(pool_of(problem, box))]

    def named(self, problem: Problem, name: str, box: Sandbox) -> Broken:
        """The bug of that id, of whatever kind it is, with the slip that the id names."""
        known = {each.id: each for each in BrokenPrograms().of(problem, box)}
        bug, _, slip = name.partition(SLIP)
        if bug not in known:
            raise no_bug(bug, problem.id, known)
        if not slip:
            return known[bug]
        texts = slips(known[bug].source)
        if slip not in texts:
            raise ValueError(f"reset(options): {bug} has no slip {slip!r}; {guess(slip, texts)}")
        return Broken(name, texts[slip], known[bug].tier)

    def perhaps_slipped(self, broken: Broken, chance: Random) -> Broken:
        """The program, which in a share of the episodes has a slip, too."""
        if not self.slips or chance.random() >= self.slips:
            return broken
        name, source = slipped(broken.source, chance)
        return Broken(f"{broken.id}{SLIP}{name}", source, broken.tier) if name else broken


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


def report_on(problem: Problem, broken: Broken, box: Sandbox) -> Asking[list[Case]]:
    """A test that a program fails, for one that passes all that are shown; none for a program that nobody knows."""
    pool = pool_of(problem, box) if problem.references else None
    bug = next((each for each in pool.bugs if each.id == broken.id), None) if pool else None
    return (yield from reported(problem, bug, pool)) if pool and bug else []


def failing(
    problem: Problem, found: Iterable[Broken], shown: Sequence[Case], trace: bool
) -> Asking[tuple[list[Broken], Report]]:
    """The programs up to the first one that fails a shown test, and the report on the last of them."""
    tried = []
    for each in found:
        tried.append(each)
        [report] = yield from judged(problem, each.source, shown, trace=trace)
        if not report.all_passed:
            break
    return tried, report
