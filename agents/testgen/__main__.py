"""The command: python -m agents.testgen PROBLEM... [--model NAME]

Promises: problems are worked on at once and reported in order; a model's fault on one problem is reported and harms no
other; exit status 0 when every problem got tests, 1 when some did not, 2 for a mistake of the caller, 130 after an
interruption. No model is asked before files that are to be written were looked at, and what came out is reported before
they are written. With --json, nothing but JSON goes to standard output.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agents.models import BudgetSpent, KeyRefused, ModelError, closing, open_model
from agents.runs import check_writable
from agents.testgen.choice import model_for_tests
from agents.testgen.generate import TestGenerator
from agents.testgen.ladder import SEED_LADDER
from agents.testgen.measure import learn, measure
from agents.testgen.report import Row, as_json, print_suite, print_summary
from agents.testgen.settings import Settings
from agents.testgen.store import SuiteStore
from agents.testgen.suite import Suite
from agents.testgen.votes import Calibration, read_calibration
from envs.boxes import shared_box
from envs.problems import Problem
from envs.sources import find_problems
from sandbox import Sandbox, SandboxFault
from sandbox.ending import ended
from sandbox.terminal import ProgressBar, Terminal

log = logging.getLogger("agents.testgen")
DEFAULT = " (default: %(default)s)"


def parser() -> argparse.ArgumentParser:
    """The command line."""
    cli = argparse.ArgumentParser(
        prog="python -m agents.testgen",
        description="Tests for problems, by a model.",
        epilog="example: python -m agents.testgen carries_in_base --model gpt-4o-mini --budget-usd 0.10",
    )
    add = cli.add_argument
    what = "ids, a split (train, validation, test), suite, a file, or DATA_SET=PATH"
    add("problems", nargs="+", metavar="PROBLEM", help=what)
    add("--model", default="embedded-tester", metavar="NAME", help="the model that writes the tests" + DEFAULT)
    add("--tests", type=int, default=5, metavar="N", help="tests for each problem, edge cases aside" + DEFAULT)
    add("--checks", type=int, default=3, metavar="N", help="answers to each input" + DEFAULT)
    add("--threshold", type=float, default=0.5, metavar="S", help="least share of answers that agree" + DEFAULT)
    add("--temperature", type=float, default=0.7, metavar="T", help="of the model" + DEFAULT)
    add("--seed", type=int, default=0, metavar="N", help="of all that is drawn by chance" + DEFAULT)
    add("--code", type=Path, metavar="FILE", help="a program that the tests should expose (of a single problem)")
    add("--store", metavar="FOLDER", help="where suites are kept, and looked for first (default: nowhere)")
    add("--cache", metavar="FILE", help="where the model's replies are kept (default: nowhere)")
    add("--calibration", type=Path, metavar="FILE", help="what agreement turned out to mean: used, and added to")
    add("--budget-usd", type=float, metavar="USD", help="stop before more than this is spent (default: no limit)")
    short = "wait 5 to 15 seconds for an answer, not 2 to 5 minutes; for models that are not on a server"
    add("--seed-ladder", action="store_true", help=short)
    add("--no-bugs", action="store_true", help="leave the mutation score out")
    add("--sandbox", default="auto", metavar="NAME", help="the sandbox's shell" + DEFAULT)
    add("--limit", type=int, metavar="N", help="the first so many problems only (default: all)")
    add("--json", action="store_true", help="JSON on standard output")
    add("--verbose", action="store_true", help="a line on the error stream for each round and each suite")
    return cli


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns the exit status."""
    return ended("error", lambda: run(parser().parse_args(arguments)))


def run(given: argparse.Namespace) -> int:
    """Generates, measures, reports."""
    logging.basicConfig(level=logging.INFO if given.verbose else logging.WARNING, format="%(name)s: %(message)s")
    if given.limit is not None and given.limit < 1:
        raise ValueError(f"--limit {given.limit}: leaves no problem; give 1 or more")
    check_writable("--calibration", given.calibration)
    problems = find_problems(given.problems)[: given.limit]
    box, code = shared_box(given.sandbox), _code(given, problems)
    calibration = read_calibration(given.calibration) if given.calibration else Calibration()
    settings = Settings(
        tests=given.tests,
        checks=given.checks,
        threshold=given.threshold,
        temperature=given.temperature,
        seed=given.seed,
        ladder=SEED_LADDER if given.seed_ladder else (),
    )
    found, stored = asyncio.run(_generate(given, settings, calibration, problems, code, box))
    rows: list[Row] = []
    learnt = Calibration()
    with ProgressBar("measuring tests") as bar:
        for problem, suite in bar.track(found, description=""):
            quality = measure(suite, problem, box, bugs=not given.no_bugs, code=code) if problem.references else None
            if quality is not None and problem.id not in stored:
                learn(learnt, suite, quality)  # a stored suite was learnt from when it was made
            rows.append((problem, suite, quality))
    _report(given, rows)
    if given.calibration and learnt.seen:
        given.calibration.write_text(json.dumps(calibration.merged(learnt).state()) + "\n", "utf-8")
    return 0 if len(rows) == len(problems) and all(suite.tests for _, suite, _ in rows) else 1


def _code(given: argparse.Namespace, problems: Sequence[Problem]) -> str:
    if given.code is None:
        return ""
    if len(problems) != 1:
        raise ValueError(f"--code: belongs to one problem, and {len(problems)} were named; name one")
    if not given.code.is_file():
        raise ValueError(f"--code: there is no file {str(given.code)!r}")
    return str(given.code.read_text("utf-8"))


async def _generate(
    given: argparse.Namespace,
    settings: Settings,
    calibration: Calibration,
    problems: Sequence[Problem],
    code: str,
    box: Sandbox,
) -> tuple[list[Any], set[str]]:
    """The suites that could be made, with their problems; and the problems whose suites were in the store."""
    chosen = model_for_tests(given.model)
    changes: dict[str, Any] = {"cache": given.cache}
    if given.budget_usd is not None:
        changes["budget"] = {"usd": given.budget_usd}
    name = chosen if isinstance(chosen, str) else chosen["name"]
    if name.startswith(("embedded", "simulated")):
        changes["sandbox"] = box
    model = open_model(chosen, **changes)
    store = SuiteStore(given.store) if given.store else None
    generator = TestGenerator(model, settings, store, calibration, box)
    async with closing(model):
        made = await _made(generator, problems, code)
    suites = []
    for problem, result in zip(problems, made, strict=True):
        if isinstance(result, ModelError | SandboxFault):
            kind = "stopped" if isinstance(result, BudgetSpent | KeyRefused) else "fault"
            print(f"{kind}: {problem.id}: {result}", file=sys.stderr)
        elif isinstance(result, BaseException):
            raise result
        else:
            suites.append((problem, result))
    return suites, generator.read


async def _made(generator: TestGenerator, problems: Sequence[Problem], code: str) -> list[Suite | BaseException]:
    """The suite of each problem, or what kept it from being made."""
    with ProgressBar("writing tests") as bar:
        task = bar.add_task("", total=len(problems))

        async def one(problem: Problem) -> Suite:
            try:
                suite = await generator.suite(problem, code)
                log.info("%s: %d tests, %d turned down", problem.id, len(suite.tests), len(suite.rejections))
                return suite
            finally:
                bar.update(task, advance=1, description=problem.id)

        return await asyncio.gather(*map(one, problems), return_exceptions=True)


def _report(given: argparse.Namespace, rows: Sequence[Row]) -> None:
    if given.json:
        print(json.dumps(as_json(rows)))
        return
    console = Terminal()
    for row in rows:
        if len(rows) <= 5:
            print_suite(console, *row)
    print_summary(console, rows)


if __name__ == "__main__":
    sys.exit(main())
