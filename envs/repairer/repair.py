"""Repairing a program by search alone: the library call behind `python -m agents.repair --embedded` and the bench.

Promises: a program that passes all tests (and all selection cases, if there are any) is left alone, unless the caller
asks for a guess; the order of all strategies decides what is tried first, not what can be found; ends when nothing
is left to try, or when the budget is spent and what is under way has ended: a few runs at most, even if none
of them ends by itself. Does not promise that what it returns is right on inputs that no case shows.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from envs.asking import Asking, settle
from envs.problems.cases import Case
from envs.repairer.guessing import GUESSES, best_guess, doubted
from envs.repairer.neighbourhood import DEFAULT, MANY_PAIRED, Candidate, behind, neighbourhood, pairs, strategy_of
from envs.repairer.patient import DEFAULT_LIMITS, Patient
from envs.repairer.search import Found, Search, begun
from envs.repairer.strategies import STRATEGIES, check_strategy
from envs.repairer.trial import Exam, judged
from envs.repairer.view import LONGEST
from envs.repairer.voting import MANY_INPUTS, MANY_VOTERS
from sandbox import Comparison, Limits, Sandbox

BATCH = 400
"""Candidates of a strategy that are tried before it is another one's turn."""
FEW, QUICK_S, SLOW_S = 5, 0.5, 2.0
"""So few are tried before the clock is looked at; so many times more after a quick time, less after a slow one."""
FEW_SLOW = 8
"""So few at most of programs that may take long."""
FEW_BASES, BASES = 4, 16
"""So many half-repaired programs are gone on from, before and after expressions are made up."""
Clock = Callable[[], bool]


@dataclass(frozen=True)
class Repaired:
    """How a repair ended."""

    source: str
    """The repaired program; the given one when none was found that passes all tests and, of the first two selection
    cases that the given one fails, at least one."""
    solved: bool
    """Whether it passes all tests."""
    selected: bool
    """Whether it passes all selection cases, too."""
    changes: tuple[tuple[str, str, int], ...] = ()
    """What was done: strategy, rule and line of each edit."""
    plausible: int = 0
    """How many programs that pass all tests were found."""
    tried: int = 0
    """How many programs were tried."""
    seconds: float = 0.0
    guessed: bool = False
    """Whether the given program passed everything, so that no case speaks for the change."""


def repair(
    program: str,
    tests: Sequence[Case],
    *,
    entry: str = "",
    kind: str = "",
    box: Sandbox,
    selection: Sequence[Case] = (),
    statement: str = "",
    compare: Comparison | None = None,
    limits: Limits = DEFAULT_LIMITS,
    budget_s: float = 60,
    order: Iterable[str] = STRATEGIES,
    guess: bool = False,
) -> Repaired:
    """The best repair of a program that can be found within the budget; a guess, if wanted, where no case fails."""
    if kind and kind != ("function" if entry else "stdin"):
        raise ValueError(f"repair(kind={kind!r}, entry={entry!r}): a function needs an entry, a script has none")
    if not budget_s >= 0:
        raise ValueError(f"repair(budget_s={budget_s!r}): is no number of seconds; try 60")
    strategies = [check_strategy(name) for name in order]
    patient = Patient(program, tests, entry, selection, statement, compare=compare, limits=limits)
    began = time.monotonic()

    def late() -> bool:
        return time.monotonic() - began > budget_s

    repaired = settle(repairing(patient, strategies, late, guess), box)
    return Repaired(**{**vars(repaired), "seconds": time.monotonic() - began})


def repairing(patient: Patient, order: Sequence[str], late: Clock, guess: bool = False) -> Asking[Repaired]:
    """The repair of a patient; `late` says when time is up."""
    search = yield from begun(patient, patient.program)
    if (yield from _well(search)):
        well = Repaired(patient.program, solved=True, selected=True)
        found = (yield from _guessed(patient, order, late)) if guess else well
        return found if found.changes else well
    _check_length(patient.program)
    for depth in (1, 3):  # both in any case: the more programs pass everything, the better they choose among them
        yield from _in_rounds(search, order, depth, late)
    if not search.accepted:
        yield from _second_edits(search, order, late, search.better()[:FEW_BASES])
    if not search.accepted:
        yield from _in_rounds(search, order, 2, late)
    if not search.accepted:
        yield from _second_edits(search, order, late, search.better()[:BASES])
    if not search.accepted:
        yield from _until_good(search, pairs(search.start, order), late)
    while not search.accepted and not late() and (bases := _new_bases(search)):
        yield from _second_edits(search, order, late, bases)
    if not search.accepted and not late():
        yield from _until_good(search, pairs(search.start, order, MANY_PAIRED), late)
    return _repaired(search, (yield from search.best(MANY_VOTERS, MANY_INPUTS)))


def _check_length(program: str) -> None:
    if len(program) > LONGEST:
        raise ValueError(f"repair(program): {len(program):,} characters; programs up to {LONGEST:,} can be repaired")


def _well(search: Search) -> Asking[bool]:
    """Whether the sandbox's own verdict is that the patient passes everything; the search's runs share a process."""
    patient = search.patient
    exam = Exam.of(patient, (*patient.tests, *patient.selection))
    [report] = yield [replace(judged(exam, patient.program), stop_at_first_failure=True)]
    return bool(report.all_passed)


def _in_rounds(
    search: Search, order: Sequence[str], depth: int, late: Clock, base: Found | None = None
) -> Asking[None]:
    """Tries the candidates of all strategies, some of each in turn; those of depth 2 only until one is good."""
    queues, few = [neighbourhood(search.start, strategy, depth) for strategy in order], FEW
    while queues and not late():
        left: list[Iterator[Candidate]] = []
        for queue in queues:
            if late():
                return
            taken = list(islice(queue, BATCH))
            following = [behind(base.candidate, each) if base else each for each in taken]
            few = yield from _explored(search, following, few, late)
            if len(taken) == BATCH:
                left.append(queue)
        if depth == 2 and search.accepted:
            return
        queues = left


def _guessed(patient: Patient, order: Sequence[str], late: Clock) -> Asking[Repaired]:
    """A program that passes everything, changed where few cases vouch for it."""
    search = yield from doubted(patient)
    edits = (each for each in neighbourhood(search.start) if DEFAULT in order or strategy_of(each.rule) in order)
    yield from _until_good(search, edits, late, GUESSES)
    return replace(_repaired(search, (yield from best_guess(search))), guessed=True)


def _until_good(search: Search, candidates: Iterator[Candidate], late: Clock, enough: int = 1) -> Asking[None]:
    """Tries candidates until enough of them pass everything."""
    few = FEW
    while len(search.accepted) < enough and not late() and (taken := list(islice(candidates, BATCH))):
        few = yield from _explored(search, taken, few, late)


def _new_bases(search: Search) -> list[Found]:
    """The best programs that were not gone on from yet; those of two edits are among them, so edits add up."""
    return [each for each in search.better() if each.candidate.source not in search.left_from][:BASES]


def _explored(search: Search, candidates: Sequence[Candidate], few: int, late: Clock) -> Asking[int]:
    """Tries candidates, few at a time while they are slow, so that the clock is looked at; how many to take next."""
    first = 0
    while first < len(candidates) and not late():
        few = min(few, FEW_SLOW) if any(each.slow for each in candidates[first : first + few]) else few
        began = time.monotonic()
        yield from search.explore(candidates[first : first + few])
        first, took = first + few, time.monotonic() - began
        few = min(FEW * few, BATCH) if took < QUICK_S else few if took < SLOW_S else max(few // FEW, FEW)
    return few


def _second_edits(search: Search, order: Sequence[str], late: Clock, bases: Sequence[Found]) -> Asking[None]:
    """Goes on from programs that are better than the patient, the best first."""
    for base in bases:
        if late() or base.candidate.source in search.left_from:
            continue
        search.left_from.add(base.candidate.source)
        inner = yield from begun(search.patient, base.candidate.source)
        yield from _in_rounds(inner, order, 1, late, base)
        search.take(inner)
        if search.accepted:
            return


def _repaired(search: Search, best: Found | None) -> Repaired:
    """What is best; where all of it passes no more of the selection than the program as it is, that stays."""
    well = all(search.start.passed)
    if best is None or (well and search.failed_selection and sum(best.selection) <= search.selected):
        return Repaired(search.patient.program, well, False, (), len(search.plausible), search.count)
    changes = tuple((strategy_of(rule), rule, line) for rule, line in best.candidate.edits)
    return Repaired(best.candidate.source, True, all(best.selection), changes, len(search.plausible), search.count)
