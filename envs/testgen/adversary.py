"""The other side of the game: it answers tests with a wrong program that passes all of them.

Promises: whatever an adversary proposes is run in the sandbox before an agent meets it. A program is taken only if it
passes every right test of the episode (with no test yet, at least one visible case) and is wrong: it fails a hidden
case (or, of a data set, on an input that bugs were measured on or that an agent wrote), or it is a bug of the
generator's, which keeps an input that exposes each of its programs. No more than `max_retries` programs are tried;
duplicates count. Does not promise that an adversary that finds nothing had nothing to find.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Protocol

from envs.asking import Asking, Judge, proposals
from envs.judging import judge, right_answers
from envs.problems import Case, Problem
from envs.problems.bugs import Bug, BugPool
from envs.problems.inputs import Input
from envs.problems.plain import key
from envs.testgen.opponents import Opponent, opponent_of
from sandbox import Report

MOST_INPUTS = 100
"""Inputs of the bug generator's on which a program from elsewhere is tried where a data set has hardly any cases."""
AT_ONCE = 4
"""Programs that are tried together; the first that will do is taken, however many workers there are."""


@dataclass
class Scene:
    """What an adversary may know. One that stands for an independent programmer uses no more of the problem than its
    statement, signature and visible cases.
    """

    problem: Problem
    tests: Sequence[Case]
    """The right tests of the episode so far."""
    shown: str
    """The program that the agent faces now."""
    pool: BugPool
    """What the bug generator made of the problem."""
    bugs: Sequence[Bug]
    """Those of its bugs that the embedded adversary may use."""
    inputs: Sequence[Input] = ()
    """Inputs of right tests that agents wrote in other episodes, where a data set gives hardly any cases."""
    refused: set[str] = field(default_factory=set)
    """Programs that are of no use: those that the agent faced in this episode and those that failed a test of it."""
    worth: Callable[[str], float] = lambda program: 1.0
    """How much a bug of the generator (by its id) is worth proposing, from 0 to 1."""


class Adversary(Protocol):
    """Whoever proposes wrong programs: the bug generator, a language model, a checkpoint, a script."""

    def propose(self, scene: Scene, count: int, rng: Random) -> Asking[Sequence[str]] | Sequence[str]:
        """Up to `count` programs, the best first; asked again while tries are left, until there are none. Whoever needs
        the sandbox, or a model, to find them is a generator (see `asking.py`); anybody else returns a list.
        """
        ...


class BugAdversary:
    """The embedded adversary: draws from the generator's bugs those that no test is known to expose."""

    def propose(self, scene: Scene, count: int, rng: Random) -> Asking[Sequence[str]]:
        """Bugs in random order, those worth more sooner."""
        yield from ()
        places = [place for case in scene.tests if (place := scene.pool.place_of.get(key(case.args))) is not None]
        bugs = [bug for bug in scene.bugs if bug.source not in scene.refused and not any(map(bug.kills, places))]
        lots = {bug.id: rng.random() ** (1 / max(scene.worth(bug.id), 1e-6)) for bug in bugs}
        bugs.sort(key=lambda bug: lots[bug.id], reverse=True)  # Efraimidis and Spirakis (2006)
        return [bug.source for bug in bugs[:count]]


class ScriptedAdversary:
    """Proposes what it was given, in order: for tests, and for programs that somebody sampled before."""

    def __init__(self, programs: Mapping[str, Sequence[str]]) -> None:
        self.programs = programs

    def propose(self, scene: Scene, count: int, rng: Random) -> Asking[Sequence[str]]:
        """The programs for the problem that were not refused yet."""
        yield from ()
        mine = self.programs.get(scene.problem.id, ())
        return [source for source in mine if source not in scene.refused][:count]


def answer(adversary: Adversary, scene: Scene, max_retries: int, rng: Random) -> Asking[tuple[Opponent | None, int]]:
    """The adversary's next program, or None, and how many were tried; those that failed are refused from now on."""
    tried = 0
    while tried < max_retries:
        left = max_retries - tried
        proposed = (yield from proposals("adversary", adversary.propose(scene, left, rng), (str,)))[:left]
        if not proposed:
            break
        for first in range(0, len(proposed), AT_ONCE):
            some = list(dict.fromkeys(proposed[first : first + AT_ONCE]))
            fresh = [source for source in some if source not in scene.refused]
            good = yield from _will_do(scene, fresh)
            for source, fine in zip(fresh, good, strict=True):
                if fine:
                    return _opponent(scene, source), tried + proposed.index(source) + 1
                scene.refused.add(source)
        tried += len(proposed)
    return None, tried


def _opponent(scene: Scene, source: str) -> Opponent:
    bug = _made(scene).get(source)
    return Opponent(bug.id, bug.source, bug.tier) if bug else opponent_of(scene.problem.id, source)


def _made(scene: Scene) -> dict[str, Bug]:
    return {bug.source: bug for bug in scene.pool.bugs}


def _will_do(scene: Scene, sources: Sequence[str]) -> Asking[list[bool]]:
    """Which of the programs pass all tests so far and are wrong."""
    made = _made(scene)
    asks = [_tests_of(scene, source, made.get(source)) for source in sources]
    reports: list[Report] = yield [ask for ask in asks if ask is not None]
    found = iter(reports)
    passed = [ask is None or _passed(scene, next(found)) for ask in asks]
    strangers = [source for source, fine in zip(sources, passed, strict=True) if fine and source not in made]
    telling = (yield from _telling(scene)) if strangers else []
    strangers = strangers if telling else []
    verdicts: list[Report] = yield [judge(scene.problem, source, telling, strict=True) for source in strangers]
    wrong = {source for source, report in zip(strangers, verdicts, strict=True) if not report.all_passed}
    return [fine and (source in made or source in wrong) for source, fine in zip(sources, passed, strict=True)]


def _telling(scene: Scene) -> Asking[list[Case]]:
    """What tells a wrong program from a right one: the hidden cases. Those of a data set may be few or none, so there
    the references answer the inputs that bugs were measured on, too, and those that agents wrote.
    """
    problem = scene.problem
    if "cases" not in problem.unproved:
        return list(problem.hidden)
    known = {key(case.args) for case in problem.hidden}
    inputs = {key(args): args for args in (*scene.inputs, *scene.pool.inputs[:MOST_INPUTS])}
    rights = yield from right_answers(problem, [args for name, args in inputs.items() if name not in known])
    return [*problem.hidden, *(right.case for right in rights if not right.refusal)]


def _tests_of(scene: Scene, source: str, bug: Bug | None) -> Judge | None:
    """The tests that a program must be run on; None when the kill matrix knows all."""
    if bug is None:
        return judge(scene.problem, source, scene.tests, strict=True) if scene.tests else _first(scene.problem, source)
    known = scene.pool.place_of
    unknown = [case for case in scene.tests if key(case.args) not in known]
    return judge(scene.problem, source, unknown, strict=True) if unknown else None


def _first(problem: Problem, source: str) -> Judge:
    """With no test yet: what passes none of the first cases is no attempt at the problem."""
    return judge(problem, source, problem.visible or problem.hidden[:3])


def _passed(scene: Scene, report: Report) -> bool:
    return report.all_passed if scene.tests else report.passed > 0
