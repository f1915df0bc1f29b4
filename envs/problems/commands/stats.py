"""`stats`: how many problems, families and bugs there are, and how hard the bugs are to find.

Promises: bugs that were never made are made, through the sandbox; afterwards they are looked up. With
`--write docs` the table goes into docs/problems.md, between its two marks, and the picture beside it.
"""

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.table import Table

from envs.problems.bugs.bug import TIERS
from envs.problems.bugs.command import pools_with_progress
from envs.problems.bugs.pool import BugPool
from envs.problems.commands.chart import markdown_table, tier_chart
from envs.problems.commands.check import add_sandbox
from envs.problems.commands.choose import add_names, packed_problems
from envs.problems.commands.listing import SPLIT_COLOURS
from envs.problems.schema import Problem
from sandbox.terminal import Terminal

HELP = "count problems, families, bugs and their tiers"
EXAMPLE = "carries_in_base"
BEGIN, END = "<!-- suite:begin -->", "<!-- suite:end -->"
"""What the table stands between in docs/problems.md."""

FamilyTiers = Mapping[str, Mapping[str, int]]
"""Family -> tier -> how many bugs."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    add_names(parser)
    add_sandbox(parser)
    parser.add_argument("--write", metavar="FOLDER", type=Path, help="write the table and the picture into docs")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Prints the figures."""
    if args.write:
        _marked(args.write / "problems.md")
    problems = packed_problems(args.names, args.skipped)
    tiers = bug_tiers(problems, pools_with_progress(problems, args.sandbox, args.workers))
    if args.write:
        write_docs(problems, tiers, args.write)
    if args.json:
        print(json.dumps(figures(problems, tiers)))
    else:
        Terminal().print(_table(problems, tiers))
    return 0


def bug_tiers(problems: Sequence[Problem], pools: Sequence[BugPool]) -> FamilyTiers:
    """The bugs of some problems, counted by family and tier."""
    found: dict[str, Counter[str]] = {problem.family: Counter() for problem in problems}
    for problem, pool in zip(problems, pools, strict=True):
        found[problem.family].update(pool.tiers())
    return found


def figures(problems: Sequence[Problem], tiers: FamilyTiers) -> dict[str, object]:
    """The figures of the suite."""
    total = sum((Counter(counts) for counts in tiers.values()), Counter[str]())
    return {
        "problems": len(problems),
        "families": len({problem.family for problem in problems}),
        "stdin_problems": sum(problem.kind == "stdin" for problem in problems),
        "bugs": sum(total.values()),
        "tiers": {tier: total[tier] for tier in TIERS},
        "unproved": sum(bool(problem.unproved) for problem in problems),
    }


HEAD = ("family", "split", "count", "stdin", "level", "bugs", *TIERS)


def rows(problems: Sequence[Problem], tiers: FamilyTiers) -> list[list[str]]:
    """A row for each family and one for all, under `HEAD`; the level is the mean difficulty."""
    found = []
    for family in tiers:
        mine = [problem for problem in problems if problem.family == family]
        found.append([family, mine[0].split, *_counts(mine, tiers[family])])
    total = sum((Counter(counts) for counts in tiers.values()), Counter[str]())
    return [*found, ["all", "", *_counts(problems, total)]]


def _counts(problems: Sequence[Problem], tiers: Mapping[str, int]) -> list[str]:
    stdin = sum(problem.kind == "stdin" for problem in problems)
    difficulty = sum(problem.difficulty for problem in problems) / max(1, len(problems))
    bugs = [sum(tiers.values()), *(tiers[tier] for tier in TIERS)]
    return [str(len(problems)), str(stdin), f"{difficulty:.1f}", *map(str, bugs)]


def write_docs(problems: Sequence[Problem], tiers: FamilyTiers, folder: Path) -> None:
    """Puts the table into problems.md and the picture into problems-tiers.svg."""
    page = folder / "problems.md"
    text = _marked(page)
    table = markdown_table(HEAD, rows(problems, tiers))
    picture = "![Bugs by family and tier](problems-tiers.svg)"
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    page.write_text(f"{before}{BEGIN}\n{table}\n\n{picture}\n{END}{after}", encoding="utf-8")
    (folder / "problems-tiers.svg").write_text(tier_chart(tiers), encoding="utf-8")


def _marked(page: Path) -> str:
    """The text of the page that the table goes into."""
    if not page.is_file():
        raise ValueError(f"--write {page.parent}: holds no {page.name}; name the folder docs")
    text = page.read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise ValueError(f"{page}: must hold {BEGIN} and {END} once each, around the place for the table")
    return text


def _table(problems: Sequence[Problem], tiers: FamilyTiers) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold underline")
    for place, name in enumerate(HEAD):
        table.add_column(name, justify="left" if place < 2 else "right", no_wrap=True)
    *families, total = rows(problems, tiers)
    for family, split, *counts in families:
        table.add_row(family, f"[{SPLIT_COLOURS[split]}]{split}[/]", *counts)
    table.add_row(*total, style="bold")
    return table
