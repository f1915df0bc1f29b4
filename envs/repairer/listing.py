"""`strategies`: what each strategy looks at, and its rules.

Promises: nothing is run; the text is that of the rules themselves.
"""

from __future__ import annotations

import argparse

import envs.repairer.rules  # noqa: F401  (registers the rules)
from envs.repairer.rules.registry import RULES
from envs.repairer.strategies import MEANING, STRATEGIES, check_strategy

WHEN = {1: "", 2: "tried last", 3: "rebuilds"}
"""Depth of a rule -> what is said of it."""
HELP = "show the ten strategies and the rules of each"
EXAMPLE = "edge_case_check"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.add_argument("names", nargs="*", metavar="STRATEGY", help="only these")


def run(args: argparse.Namespace) -> int:
    """Prints a table for each strategy."""
    from rich.table import Table

    from sandbox.terminal import Terminal

    console = Terminal()
    for name in map(check_strategy, args.names or STRATEGIES):
        table = Table(title=f"[bold]{name}[/]: {MEANING[name]}", title_justify="left", box=None, show_header=False)
        for rule in [each for each in RULES.values() if each.strategy == name]:
            table.add_row(f"  {rule.name}", WHEN[rule.depth], rule.summary)
        console.print(table)
    return 0
