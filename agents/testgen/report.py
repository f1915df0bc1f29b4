"""Suites and what references say about them, as tables for people and as JSON.

Promises: whoever wrote the tests is named, and a simulated model is called one; numbers that do not exist (no
references, no bugs) are shown as a dash, not as 0. Does not promise a width: rich fits tables to the terminal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from agents.testgen.measure import Quality, total
from agents.testgen.prompts import uncovered
from agents.testgen.suite import Suite
from envs.problems import Problem
from envs.problems.grammar import CATEGORIES
from envs.text import clip, describe_case

if TYPE_CHECKING:
    from rich.console import Console

SHARES = ("accuracy", "precision", "recall", "edge_coverage", "mutation_score", "discrimination", "calibration_error")
"""What is worked out of a quality's numbers."""
Row = tuple[Problem, Suite, Quality | None]


def percent(share: float | None) -> str:
    """A share for people."""
    return "-" if share is None else f"{100 * share:.0f} %"


def as_json(rows: Sequence[Row]) -> dict[str, Any]:
    """Everything, for programs."""
    from agents.testgen.suite import suite_to_record

    return {
        "problems": [
            suite_to_record(suite) | {"quality": None if quality is None else quality_record(quality)}
            for _, suite, quality in rows
        ],
        "total": _total_record([quality for *_, quality in rows if quality is not None]),
    }


def _total_record(qualities: Sequence[Quality]) -> dict[str, Any] | None:
    whole = total(qualities)
    return None if whole is None else quality_record(whole)


def quality_record(quality: Quality) -> dict[str, Any]:
    """The numbers of a quality, with the shares worked out."""
    record = asdict(quality)
    del record["points"]
    return record | {name: getattr(quality, name) for name in SHARES}


def print_suite(console: Console, problem: Problem, suite: Suite, quality: Quality | None) -> None:
    """One problem: its tests, what was turned down, and how good it is."""
    from rich.markup import escape

    from sandbox.terminal import slim_table

    by = f"{suite.model}{' (simulated)' if suite.simulated else ''}"
    title = escape(f"{problem.id}: {len(suite.tests)} tests by {by}")
    table = slim_table("category", "test", "votes", "confidence", title=title)
    for test in suite.tests:
        votes = f"{test.agreeing}/{test.votes}" if test.checked else "unchecked"
        shown = clip(describe_case(test.case, problem.kind, problem.entry), 200)
        table.add_row(test.category, escape(shown), votes, f"{test.confidence:.2f}")
    console.print(table)
    console.print(
        f"categories: {_counts({name: suite.categories.get(name, 0) for name in CATEGORIES})}"
        f"; without a test: {', '.join(uncovered(suite.tests)) or 'none'}"
    )
    console.print(f"turned down: {_counts(suite.reasons) or 'none'}; rounds: {escape(' | '.join(suite.rungs))}")
    if quality is not None:
        console.print(f"measured: {_measured(quality)}")
    console.print()


def _measured(quality: Quality) -> str:
    tiers = ", ".join(f"{tier} {quality.killed[tier]}/{count}" for tier, count in quality.bugs.items() if count)
    told = "" if quality.discrimination is None else f", discrimination {quality.discrimination:+.2f}"
    program = "" if quality.exposing is None else f", {quality.exposing} of the right ones expose the program"
    return (
        f"accuracy {percent(quality.accuracy)} ({quality.right_first}/{quality.voted}), "
        f"precision {percent(quality.precision)}, recall {percent(quality.recall)}, "
        f"edge coverage {percent(quality.edge_coverage)}, "
        f"mutation score {percent(quality.mutation_score)}" + (f" ({tiers})" if tiers else "") + told + program
    )


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def print_summary(console: Console, rows: Sequence[Row]) -> None:
    """All problems, one line each, and all together."""
    from rich.text import Text

    from sandbox.terminal import slim_table

    heads = (">tests", ">turned\ndown", ">accu-\nracy", ">preci-\nsion", ">edges", ">muta-\ntion", ">calls", ">cost")
    table = slim_table("problem", *heads, title="Generated tests")
    for problem, suite, quality in rows:
        table.add_row(Text(problem.id), *_line(suite, quality))
    whole = total([quality for *_, quality in rows if quality is not None])
    if whole is not None and len(rows) > 1:
        tests, down = sum(len(suite.tests) for _, suite, _ in rows), sum(len(suite.rejections) for _, suite, _ in rows)
        calls = sum(suite.spending.replies for _, suite, _ in rows)
        cost = sum(suite.spending.cost_usd for _, suite, _ in rows)
        table.add_row("all", str(tests), str(down), *_shares(whole), str(calls), f"${cost:.4f}", style="bold")
    console.print(table)
    if whole is not None and whole.calibration_error is not None:
        console.print(
            f"calibration error of the confidences: {whole.calibration_error:.3f} over {len(whole.points)} tests"
        )
    if whole is not None and whole.discrimination is not None:
        below = "; more tests make a choice among programs worse" if whole.discrimination < 0 else ""
        console.print(
            f"discrimination: a right program passes a test more often than a bug by {whole.discrimination:+.2f}{below}"
        )
    if any(suite.simulated for _, suite, _ in rows):
        console.print(
            "The tests were written by a scripted stand-in (simulated): this says nothing about any language model."
        )


def _line(suite: Suite, quality: Quality | None) -> list[str]:
    shares = ["-"] * 4 if quality is None else _shares(quality)
    cost = f"${suite.spending.cost_usd:.4f}"
    return [str(len(suite.tests)), str(len(suite.rejections)), *shares, str(suite.spending.replies), cost]


def _shares(quality: Quality) -> list[str]:
    shares = (quality.accuracy, quality.precision, quality.edge_coverage, quality.mutation_score)
    return [percent(share) for share in shares]
