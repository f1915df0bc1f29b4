"""The table of measured test quality: python -m agents.testgen.table [--write docs/models.md]

A repair system published what it expected of a strong and of a cheap test model. This measures the
same things, with testers of declared accuracy and price in the place of language models.

Promises: every number is of tests that were generated now and judged by references and bugs; the testers are called
simulated; what was expected stands beside what was measured. Does not promise anything about language models.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from agents.models import open_model
from agents.testgen.generate import TestGenerator
from agents.testgen.measure import Quality, measure, total
from agents.testgen.report import percent
from agents.testgen.settings import Settings
from agents.testgen.suite import Suite
from envs.boxes import shared_box
from envs.problems import Problem
from envs.sources import find_problems
from sandbox import Sandbox
from sandbox.ending import ended

TESTERS = ("simulated-cheap-tester", "simulated-strong-tester", "embedded-tester")
CHECKS = (0, 3)
BEGIN, END = "<!-- testgen:begin -->", "<!-- testgen:end -->"
HEAD = """\
| tester (simulated) | answers per input | accuracy | precision | edge coverage | agreement | turned down | bugs exposed | $ per 100 problems |
|---|---:|---:|---:|---:|---:|---:|---:|---:|
| *expected of a cheap model* | 3 | 75 % | - | 60 % | 70 % | 30 % | - | 1.00 |
| *expected of a strong model* | 3 | 95 % | - | 90 % | 90 % | 10 % | - | 3.00 |
"""  # noqa: E501 - a row of a table is one line


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, prints, and puts the table into a page; returns the exit status: 2 for a mistake of the caller."""
    cli = argparse.ArgumentParser(prog="python -m agents.testgen.table", description="How good generated tests are.")
    what = "ids, a split, suite, a file, or DATA_SET=PATH (default: test)"
    cli.add_argument("problems", nargs="*", default=["test"], metavar="PROBLEM", help=what)
    cli.add_argument("--write", type=Path, metavar="PAGE", help="put it between the marks of this page, too")
    cli.add_argument("--limit", type=int, metavar="N", help="the first so many problems only (default: all)")
    cli.add_argument("--sandbox", default="auto", metavar="NAME", help="the sandbox's shell (default: %(default)s)")
    return ended("testgen", lambda: _measured(cli.parse_args(arguments)))


def _measured(given: argparse.Namespace) -> int:
    problems = find_problems(given.problems)[: given.limit]
    if not problems:
        raise ValueError(f"--limit {given.limit}: leaves no problem; give 1 or more")
    box = shared_box(given.sandbox)
    table = HEAD + "".join(row(tester, checks, problems, box) + "\n" for tester in TESTERS for checks in CHECKS)
    print(table)
    if given.write:
        put(given.write, table + f"\nOver {len(problems)} problems.\n")
    return 0


def row(tester: str, checks: int, problems: Sequence[Problem], box: Sandbox) -> str:
    """One line of the table."""
    generator = TestGenerator(open_model(tester, sandbox=box), Settings(checks=checks), box=box)
    suites = asyncio.run(_all(generator, problems))
    pairs = list(zip(suites, problems, strict=True))
    quality = total([measure(suite, problem, box) for suite, problem in pairs])
    assert quality is not None
    cells = [tester, str(checks or 1), *_shares(quality, suites), f"{_cost(suites):.2f}"]
    return f"| {' | '.join(cells)} |"


async def _all(generator: TestGenerator, problems: Sequence[Problem]) -> list[Suite]:
    return list(await asyncio.gather(*(generator.suite(problem) for problem in problems)))


def _shares(quality: Quality, suites: Sequence[Suite]) -> list[str]:
    tests = [test for suite in suites for test in suite.voted if test.checked]
    agreement = sum(test.share for test in tests) / len(tests) if tests else None
    down = 1 - quality.kept / quality.voted if quality.voted else None
    shares = (quality.accuracy, quality.precision, quality.edge_coverage, agreement, down, quality.mutation_score)
    return [percent(share) for share in shares]


def _cost(suites: Sequence[Suite]) -> float:
    return 100 * sum(suite.spending.cost_usd for suite in suites) / len(suites)


def put(page: Path, table: str) -> None:
    """The table between its marks in a page."""
    text = page.read_text("utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise ValueError(f"{page}: needs the lines {BEGIN} and {END} once each, for the table to stand between")
    found = re.sub(f"{BEGIN}.*{END}", lambda _: f"{BEGIN}\n{table}{END}", text, flags=re.S)
    page.write_text(found, "utf-8")


if __name__ == "__main__":
    sys.exit(main())
