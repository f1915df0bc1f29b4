"""`list`: one line for each problem."""

import argparse
import json

from rich.markup import escape
from rich.table import Table

from envs.problems.commands.choose import add_names, packed_problems
from envs.problems.schema import KINDS, Problem
from envs.problems.splits import SPLITS
from sandbox.guess import guess
from sandbox.terminal import Terminal, slim_table

HELP = "list problems, one line each"
EXAMPLE = "--family trees --kind function"
SPLIT_COLOURS = {"train": "green", "validation": "yellow", "test": "magenta"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    add_names(parser)
    parser.add_argument("--family", help="only this family")
    parser.add_argument("--split", choices=SPLITS, help="only this split")
    parser.add_argument("--kind", choices=KINDS, help="only this kind")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Prints the table."""
    wanted = {name: getattr(args, name) for name in ("family", "split", "kind") if getattr(args, name)}
    problems = packed_problems(args.names, args.skipped)
    families = {problem.family for problem in problems}
    if args.family and args.family not in families:
        raise ValueError(f"--family: there is no {args.family!r} here; {guess(args.family, sorted(families))}")
    problems = [
        problem for problem in problems if all(getattr(problem, name) == value for name, value in wanted.items())
    ]
    if args.json:
        print(json.dumps([summary(problem) for problem in problems], indent=2))
    else:
        Terminal().print(_table(problems))
    return 0


def summary(problem: Problem) -> dict[str, object]:
    """The problem in a few words, for machines."""
    return {
        "id": problem.id,
        "title": problem.title,
        "family": problem.family,
        "split": problem.split,
        "kind": problem.kind,
        "difficulty": problem.difficulty,
        "tags": list(problem.tags),
        "references": len(problem.references),
        "wrong": len(problem.wrong),
        "cases": {
            "visible": len(problem.visible),
            "selection": len(problem.selection),
            "hidden": len(problem.hidden),
        },
        "unproved": list(problem.unproved),
    }


def _table(problems: list[Problem]) -> Table:
    table = slim_table("id", "family", "split", "kind", "level", ">hidden", title=f"{len(problems)} problems")
    for problem in problems:
        colour = SPLIT_COLOURS[problem.split]
        split = f"[{colour}]{problem.split}[/]"
        name = f"[bold]{escape(problem.id)}[/]"
        table.add_row(name, problem.family, split, problem.kind, stars(problem), str(len(problem.hidden)))
    return table


def stars(problem: Problem) -> str:
    """The difficulty as stars."""
    return "★" * problem.difficulty + "·" * (5 - problem.difficulty)
