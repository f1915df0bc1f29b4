"""`bugs`: the bugs of problems with diffs; of the whole suite, how many and how hard; `--audit` checks them.

Promises: bugs that are not on disk yet are made first, with a progress bar on the error stream. The exit
code is 1 when an audit finds a difference.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from envs.problems.bugs import show
from envs.problems.bugs.audit import Difference, audit
from envs.problems.bugs.bug import HUMAN, TIERS, choose_bugs
from envs.problems.bugs.cache import read_pool
from envs.problems.bugs.choose import RARE
from envs.problems.bugs.library import load_pools
from envs.problems.bugs.pool import BugPool
from envs.problems.bugs.registry import OPERATORS
from envs.problems.commands.check import add_sandbox
from envs.problems.commands.choose import add_names, packed_problems
from envs.problems.schema import Problem
from sandbox.ending import printable
from sandbox.guess import guess
from sandbox.terminal import ProgressBar, Terminal

HELP = "show the bugs of problems with their diffs, or count those of the whole suite; --audit checks them"
EXAMPLE = "carries_in_base --tier hard --limit 3"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    add_names(parser)
    parser.add_argument("--tier", action="append", choices=list(TIERS), help="only this tier (may be repeated)")
    parser.add_argument("--operator", action="append", metavar="NAME", help="only this operator (may be repeated)")
    parser.add_argument("--limit", type=int, default=12, help="bugs shown of each problem (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="which ones are shown (default: %(default)s)")
    parser.add_argument("--fresh", action="store_true", help="make them anew, whatever is on disk")
    parser.add_argument("--audit", action="store_true", help="execute a random 1 %% of the kill matrices again")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_sandbox(parser)


def run(args: argparse.Namespace) -> int:
    """Prints bugs, counts, or an audit."""
    _check_wishes(args)
    problems = packed_problems(args.names, args.skipped)
    pools = pools_with_progress(problems, args.sandbox, args.workers, args.fresh)
    if args.audit:
        return _audit(problems, pools, args)
    console = Terminal()
    if not args.names:
        console.print_json(data=show.figures(pools)) if args.json else console.print(show.counts_view(problems, pools))
        return 0
    shown = [
        sorted(choose_bugs(pool.bugs, args.limit, args.seed, args.tier, args.operator), key=lambda bug: -bug.rate)
        for pool in pools
    ]
    if args.json:
        print(json.dumps([show.pool_facts(pool, bugs) for pool, bugs in zip(pools, shown, strict=True)], indent=2))
        return 0
    for problem, pool, bugs in zip(problems, pools, shown, strict=True):
        console.print(show.pool_view(problem, pool, bugs))
    return 0


def _check_wishes(args: argparse.Namespace) -> None:
    """Refuses words that would be passed over in silence."""
    if (args.tier or args.operator) and not args.names:
        raise ValueError("--tier and --operator: choose among the bugs of problems; name some, or leave these out")
    for name in args.operator or ():
        if name not in (known := [*OPERATORS, RARE, HUMAN]):
            raise ValueError(f"--operator: there is no {name!r}; {guess(name, known)}")


def pools_with_progress(problems: Sequence[Problem], sandbox: str, workers: int, fresh: bool = False) -> list[BugPool]:
    """The pools of problems; a sandbox is opened only when one of them is not on disk."""
    found = [] if fresh else [pool for problem in problems if (pool := read_pool(problem))]
    if len(found) < len(problems):
        found = _made(problems, sandbox, workers, fresh)
    if bare := [pool for pool in found if pool.why_none]:
        why = bare[0].why_none.removeprefix(f"{bare[0].problem}: ")
        told = f"{len(bare)} of {len(found)} problems have no bugs, such as {bare[0].problem}: {why}"
        print(printable(told), file=sys.stderr)
    return found


def _made(problems: Sequence[Problem], sandbox: str, workers: int, fresh: bool) -> list[BugPool]:
    from sandbox import open_sandbox

    with open_sandbox(sandbox, workers=workers) as box, ProgressBar("making bugs") as bar:
        task = bar.add_task("", total=len(problems))

        def step(problem: Problem) -> None:
            bar.update(task, advance=1, description=problem.id)

        return load_pools(problems, box, progress=step, fresh=fresh)


def _audit(problems: Sequence[Problem], pools: Sequence[BugPool], args: argparse.Namespace) -> int:
    from sandbox import open_sandbox

    def check(problem: Problem, pool: BugPool) -> tuple[int, list[Difference]]:
        return audit(box, problem, pool, seed=args.seed)

    cells, found = 0, list[Difference]()
    box = open_sandbox(args.sandbox, workers=args.workers)
    with box, ProgressBar("executing again") as bar, ThreadPoolExecutor(args.workers + 1) as threads:
        for count, differences in bar.track(threads.map(check, problems, pools), total=len(problems), description=""):
            cells, found = cells + count, found + differences
    if args.json:
        facts = {
            "ok": not found,
            "cells": cells,
            "differences": [show.difference_facts(each) for each in found],
        }
        print(json.dumps(facts, indent=2))
    else:
        Terminal().print(show.audit_view(cells, found))
    return int(bool(found))
