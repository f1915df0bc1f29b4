"""Bugs as a person reads them (rich panels and tables) and as a machine does (plain data).

Promises: nothing is run or written; the plain data are JSON's own types.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.panel import Panel
from rich.syntax import Syntax
from rich.table import Table

from envs.problems.bugs.audit import Difference
from envs.problems.bugs.bug import TIERS, Bug
from envs.problems.bugs.pool import BugPool
from envs.problems.schema import Problem
from sandbox.terminal import slim_table

TIER_COLOURS = {"easy": "green", "medium": "yellow", "hard": "red", "extreme": "magenta"}
INPUT_WIDTH = 400
"""Characters of a witness that are shown."""


def figures(pools: Sequence[BugPool]) -> dict[str, Any]:
    """How many bugs there are, and of which tier: the part of `stats` that is about bugs."""
    tiers = {tier: sum(pool.tiers()[tier] for pool in pools) for tier in TIERS}
    return {"bugs": sum(tiers.values()), "tiers": tiers}


def pool_facts(pool: BugPool, shown: Sequence[Bug]) -> dict[str, Any]:
    """A pool and some of its bugs, for machines."""
    bugs = [bug_facts(bug, pool) for bug in shown]
    return {"problem": pool.problem, **figures([pool]), "set_aside": pool.set_aside, "shown": bugs}


def bug_facts(bug: Bug, pool: BugPool) -> dict[str, Any]:
    """One bug, for machines."""
    return {
        "id": bug.id,
        "tier": bug.tier,
        "rate": round(bug.rate, 4),
        "order": bug.order,
        "operators": list(bug.operators),
        "lines": list(bug.lines),
        "mistake": bug.mistake,
        "diff": bug.diff,
        "witness": repr(pool.inputs[bug.witness]),
        "exposing_inputs": [number for number in range(len(pool.inputs)) if bug.kills(number)],
    }


def pool_view(problem: Problem, pool: BugPool, shown: Sequence[Bug]) -> RenderableType:
    """A problem's bugs: how many, and the chosen ones with their diffs."""
    tiers = " · ".join(f"[{TIER_COLOURS[tier]}]{count} {tier}[/]" for tier, count in pool.tiers().items())
    aside = "set aside: " + ", ".join(f"{count} {reason}" for reason, count in pool.set_aside.items())
    about = f"[dim]{escape(pool.why_none or aside)}[/]"
    lines = f"[bold]{escape(problem.title)}[/]\n{len(pool.bugs)} bugs: {tiers}\n{about}"
    return Group(Panel(lines, title=problem.id), *(bug_view(problem, bug, pool) for bug in shown))


def bug_view(problem: Problem, bug: Bug, pool: BugPool) -> RenderableType:
    """One bug: the mistake, the diff, the shortest input that exposes it."""
    colour = TIER_COLOURS[bug.tier]
    title = f"[bold]{bug.id}[/] [{colour}]{bug.tier}[/] {100 * bug.rate:.1f} % · {' + '.join(bug.operators)}"
    args = pool.inputs[bug.witness]
    shown = args[0].rstrip("\n") if problem.kind == "stdin" else ", ".join(map(repr, args))
    parts: list[RenderableType] = [
        f"[italic]{escape(bug.mistake)}[/]",
        Syntax(bug.diff.rstrip("\n"), "diff", theme="ansi_dark", word_wrap=True),
        f"[dim]exposed by[/] {escape(shown[:INPUT_WIDTH])}",
    ]
    return Panel(Group(*parts), title=title, title_align="left", border_style="dim")


def counts_view(problems: Sequence[Problem], pools: Sequence[BugPool]) -> Table:
    """How many bugs of which tier each problem has."""
    sums = figures(pools)["tiers"]
    everything = sum(sums.values())
    heads = [f">[{TIER_COLOURS[tier]}]{tier}[/]" for tier in sums]
    heads += [">bugs", ">equivalent", ">duplicate"]
    table = slim_table("problem", *heads, title=f"{everything} bugs")
    for problem, pool in zip(problems, pools, strict=True):
        aside = [pool.set_aside.get(reason, 0) for reason in ("equivalent", "duplicate")]
        numbers = [*pool.tiers().values(), len(pool.bugs), *aside]
        table.add_row(problem.id, *map(str, numbers))
    table.add_section()
    table.add_row("all", *map(str, sums.values()), str(everything), style="bold")
    if everything:
        table.add_row("share", *(f"{100 * count / everything:.0f} %" for count in sums.values()))
    return table


def difference_facts(difference: Difference) -> dict[str, Any]:
    """A cell that differs, for machines."""
    return {
        "bug": difference.bug,
        "input": repr(difference.input),
        "matrix": "exposed" if difference.matrix else "not exposed",
        "verdict": difference.verdict,
    }


def audit_view(cells: int, found: Sequence[Difference]) -> RenderableType:
    """What an audit found."""
    if not found:
        return f"[green]{cells} cells executed again, none differs[/]"
    table = Table(title=f"[red]{len(found)} of {cells} cells differ[/]", title_justify="left", header_style="bold")
    for name in ("bug", "matrix", "verdict", "input"):
        table.add_column(name, overflow="fold")
    for facts in map(difference_facts, found):
        table.add_row(facts["bug"], facts["matrix"], facts["verdict"], escape(facts["input"][:INPUT_WIDTH]))
    return table
