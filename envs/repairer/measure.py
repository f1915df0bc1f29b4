"""How good the embedded repairer is: bugs of the suite, repaired on visible and selection cases, judged by hidden ones.
A plan may add a failing test, as a report of the bug would, generated tests, and the word that the program is wrong; a
hidden case is never among them.

A bug counts only when the hidden cases expose it: one that passes them all is no bug that this measurement can see.
The hidden cases judge the repaired program in the sandbox's own way, and nothing that they say goes back.

Promises: the same bugs, seed and budgets give the same figures, but for repairs that the budget of time cut short.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random

from envs.asking import settle
from envs.codegen.tester import GrammarTester, right_tests
from envs.judging import own_inputs
from envs.problems import Case
from envs.problems.bugs.bug import Bug
from envs.problems.bugs.library import load_pool
from envs.problems.plain import key
from envs.problems.running import comparison, judged, limits
from envs.problems.schema import Problem
from envs.repairer.repair import Repaired, repair
from envs.repairer.strategies import STRATEGIES
from envs.testgen.bugs import reported
from sandbox import Sandbox

CHOICES = ("first-order", "human", "all")
RESULTS = ("repaired", "overfitted", "failed", "unnoticed", "unexposed")
"""How a trial can end; of these, `unexposed` does not count."""
Step = Callable[["Trial"], None]


@dataclass(frozen=True)
class Plan:
    """What every trial of a measurement has in common."""

    budget_s: float = 60.0
    selection: bool = True
    """Whether the selection cases may choose."""
    shuffled: bool = False
    """Whether each bug meets the strategies in an order of its own."""
    seed: int = 0
    tests: int = 0
    """So many tests of the input grammar are given to the repairer beside the visible cases."""
    report: bool = False
    """Whether it is given a test that the program fails, as whoever reports a bug gives one."""
    guess: bool = False
    """Whether it is told that the program is wrong, even where all that it sees is passed."""


@dataclass(frozen=True)
class Trial:
    """One bug and what became of it."""

    problem: str
    family: str
    split: str
    bug: str
    tier: str
    operators: tuple[str, ...]
    result: str
    """One of `RESULTS`: repaired (passes all hidden cases), overfitted (passes all that the repairer saw, not the
    hidden ones), failed (nothing was found that passes the tests), unnoticed (the bug passes all that the repairer
    saw, and nothing was changed), unexposed (it passes the hidden cases, too)."""
    strategies: tuple[str, ...]
    """The strategies of the edits made."""
    rules: tuple[str, ...]
    tried: int
    seconds: float
    guessed: bool = False
    """Whether the bug passes all that the repairer saw, and was changed by a guess."""


def drawn(
    problems: Sequence[Problem], box: Sandbox, bugs: str, sample: int, seed: int, known: Collection[str] = ()
) -> list[tuple[Problem, Bug]]:
    """Bugs of the problems: of first order, written by hand, or all; if some are `known`, these alone; a random sample
    of them when it is not 0.
    """
    if bugs not in CHOICES:
        raise ValueError(f"bugs: {bugs!r} is not one of {', '.join(CHOICES)}")
    orders = {"first-order": (1,), "human": (0,), "all": (0, 1, 2)}[bugs]
    found = [(each, bug) for each in problems for bug in load_pool(each, box).bugs if bug.order in orders]
    Random(f"repairer/{seed}").shuffle(found)
    found = [pair for pair in found if not known or pair[1].id in known]
    return found[:sample] if sample else found


def measure(chosen: Sequence[tuple[Problem, Bug]], box: Sandbox, plan: Plan, step: Step) -> None:
    """Tries some bugs, several at once, and gives each trial to `step` as it ends; closes the box if one fails."""
    with ThreadPoolExecutor(box.workers) as threads:
        try:
            for _ in threads.map(lambda pair: step(tried_on(pair[0], pair[1], box, plan)), chosen):
                pass
        except BaseException:  # an interruption, too
            threads.shutdown(wait=False, cancel_futures=True)
            box.close()  # which ends the trials that have begun
            raise


def tried_on(problem: Problem, bug: Bug, box: Sandbox, plan: Plan) -> Trial:
    """One bug, repaired and judged."""
    began = time.monotonic()
    isolation = "program" if problem.kind == "function" else "test"
    if all(judged(problem, bug.source, problem.hidden, box, isolation)):
        return _trial(problem, bug, "unexposed", Repaired(bug.source, True, True), began)
    order = list(STRATEGIES[1:])
    if plan.shuffled:
        Random(f"order/{plan.seed}/{bug.id}").shuffle(order)
    repaired = repair(
        bug.source,
        [*problem.visible, *further_tests(problem, bug, box, plan)],
        entry=problem.entry,
        box=box,
        selection=problem.selection if plan.selection else (),
        statement=problem.statement,
        compare=comparison(problem),
        limits=limits(problem),
        budget_s=plan.budget_s,
        order=order,
        guess=plan.guess,
    )
    if not repaired.solved:
        result = "failed"
    elif not repaired.changes:
        result = "unnoticed" if repaired.selected else "failed"
    else:
        right = all(judged(problem, repaired.source, problem.hidden, box, isolation))
        result = "repaired" if right else "overfitted"
    return _trial(problem, bug, result, repaired, began)


def further_tests(problem: Problem, bug: Bug, box: Sandbox, plan: Plan) -> list[Case]:
    """What a plan gives the repairer beside the visible cases; never a hidden case."""
    found: list[Case] = []
    known = own_inputs(problem)
    if plan.report:
        found += settle(reported(problem, bug, load_pool(problem, box)), box)
    if plan.tests:
        chance = Random(f"tests/{plan.seed}/{bug.id}")
        found += settle(right_tests(GrammarTester(), problem, plan.tests, chance), box)[0]
    return [case for case in found if key(case.args) not in known]


def _trial(problem: Problem, bug: Bug, result: str, repaired: Repaired, began: float) -> Trial:
    return Trial(
        problem=problem.id,
        family=problem.family,
        split=problem.split,
        bug=bug.id,
        tier=bug.tier,
        operators=bug.operators,
        result=result,
        strategies=tuple(strategy for strategy, _, _ in repaired.changes),
        rules=tuple(rule for _, rule, _ in repaired.changes),
        tried=repaired.tried,
        seconds=time.monotonic() - began,
        guessed=repaired.guessed,
    )


def counted(trials: Sequence[Trial]) -> dict[str, float | int]:
    """The figures of some trials: how many ended how, and the shares of those that the hidden cases expose.

    `guessed` of the repaired ones were repaired by a guess; they were not noticed.
    """
    counts = {result: sum(trial.result == result for trial in trials) for result in RESULTS}
    exposed = [trial for trial in trials if trial.result != "unexposed"]
    noticed = [trial for trial in exposed if trial.result != "unnoticed" and not trial.guessed]
    seen = sum(trial.result == "repaired" for trial in noticed)
    return {
        "bugs": len(exposed),
        **counts,
        "share": round(counts["repaired"] / len(exposed), 4) if exposed else 0.0,
        "guessed": counts["repaired"] - seen,
        "share_of_noticed": round(seen / len(noticed), 4) if noticed else 0.0,
        "seconds": round(sum(trial.seconds for trial in exposed) / len(exposed), 2) if exposed else 0.0,
        "tried": round(sum(trial.tried for trial in exposed) / len(exposed)) if exposed else 0,
    }


def groups(trials: Sequence[Trial]) -> Iterator[tuple[str, str, list[Trial]]]:
    """The trials by split, by kind of bug and by tier: what they are grouped by, the group, its trials."""
    yield "all", "all", list(trials)
    for name, group_of in (("split", split_of), ("kind", kind_of), ("tier", tier_of)):
        for group in dict.fromkeys(map(group_of, trials)):
            yield name, group, [trial for trial in trials if group_of(trial) == group]


def split_of(trial: Trial) -> str:
    """The split of the problem's family."""
    return trial.split


def kind_of(trial: Trial) -> str:
    """human, first-order or second-order."""
    return "human" if trial.operators == ("human",) else "first-order" if len(trial.operators) == 1 else "second-order"


def tier_of(trial: Trial) -> str:
    """How seldom random inputs expose the bug."""
    return trial.tier


def by_strategy(trials: Sequence[Trial]) -> dict[str, dict[str, int]]:
    """Strategy -> how many programs it repaired, and how many of its patches were overfitted."""
    return {
        strategy: {
            result: sum(trial.result == result and strategy in trial.strategies for trial in trials)
            for result in ("repaired", "overfitted")
        }
        for strategy in STRATEGIES[1:]
    }
