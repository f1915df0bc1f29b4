"""`python -m agents.compare A B`: is B better than A, on which problems, and can that be chance?

Promises: A and B are run directories of `agents.repair`, or JSON files of solutions with --model-key; one run alone is
compared with the programs that it began with. Exit status 0, 2 for a mistake of the caller, or 130 after an
interruption.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from agents.compare.comparing import Comparison, as_json, compared
from agents.compare.outcomes import read_side
from agents.compare.page import lines, page
from agents.repair.tasks import IMPROVED
from agents.runs import check_writable
from sandbox.ending import ended
from sandbox.ladder import NAMES

ROWS = 40
EXAMPLES = """examples:
  python -m agents.compare runs/A                                  what the repairs of a run changed
  python -m agents.compare runs/A runs/B --html comparison.html    two runs over the same programs
  python -m agents.compare runs/A/improved_solutions.json --model-key gpt_solution
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns the exit status."""
    return ended("compare", lambda: run(parser().parse_args(arguments)))


def parser() -> argparse.ArgumentParser:
    """The command line."""
    cli = argparse.ArgumentParser(
        prog="python -m agents.compare",
        description="Is B better than A, on which problems, and can that be chance?",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    cli.add_argument("a", help="the directory of a run of agents.repair, or a JSON file of solutions")
    cli.add_argument("b", nargs="?", help="another; without it, A before and after its repairs")
    key = "which solution of a JSON file, where it has several (default: %(default)s)"
    cli.add_argument("--model-key", metavar="NAME", default="claude_solution", help=key)
    cli.add_argument("--problem-id", metavar="ID", default="", help="this problem alone (default: all)")
    shell = "where solutions of a JSON file run: %(choices)s (default: %(default)s)"
    cli.add_argument("--sandbox", choices=NAMES, metavar="NAME", default="auto", help=shell)
    cli.add_argument("--json", action="store_true", help="JSON on standard output, in place of the table")
    cli.add_argument("--html", metavar="FILE", type=Path, help="write a page with plots as well (default: none)")
    cli.add_argument("--output-file", metavar="FILE", type=Path, help="write the JSON as well (default: none)")
    return cli


def run(options: argparse.Namespace) -> int:
    """Compares, writes, prints."""
    check_writable("--html", options.html)
    check_writable("--output-file", options.output_file)
    found = _compared(options)
    if options.html:
        options.html.write_text(page(found), "utf-8")
    if options.output_file:
        options.output_file.write_text(json.dumps(as_json(found), indent=1) + "\n", "utf-8")
    if options.json:
        print(json.dumps(as_json(found), indent=1))
    else:
        _show(found)
    return 0


def _compared(options: argparse.Namespace) -> Comparison:
    improved = IMPROVED + options.model_key
    files = options.a.endswith(".json")
    if files and not options.b and _has(options.a, options.model_key) and not _has(options.a, improved):
        raise ValueError(
            f"{options.a}: holds no {improved!r}, so {options.model_key!r} has nothing to be compared with; name a "
            "second file, or repair this one with python -m agents.repair, which writes a file with both"
        )
    a = read_side(options.a, options.model_key, options.sandbox, before=options.b is None)
    second = options.b or options.a
    b = read_side(second, improved if files and _has(second, improved) else options.model_key, options.sandbox)
    return compared(a, b, options.problem_id)


def _has(path: str, key: str) -> bool:
    return Path(path).is_file() and f'"{key}"' in Path(path).read_text("utf-8", "replace")


def _show(found: Comparison) -> None:
    from rich.table import Table
    from rich.text import Text

    from sandbox.terminal import Terminal

    table = Table(box=None, pad_edge=False)
    for name in ("problem", "A", "B", ""):
        table.add_column(name)
    ordered = sorted(found.pairs, key=lambda pair: (-abs(pair.change), pair.id))
    for pair in ordered[:ROWS]:
        table.add_row(
            Text(pair.id),
            str(pair.a),
            str(pair.b),
            "" if pair.word == "unchanged" else f"{pair.word} {pair.change:+.2f}",
        )
    if len(ordered) > ROWS:
        table.add_row(f"... and {len(ordered) - ROWS} more", "", "", "")
    console = Terminal(width=None if sys.stdout.isatty() else 120)
    console.print(table)
    for name, side in (("A", found.a), ("B", found.b)):
        console.print(f"{name}: {side.name}", markup=False, highlight=False, soft_wrap=True)
    for name, value in lines(found):
        console.print(f"{name}: {value}", markup=False, highlight=False)


if __name__ == "__main__":
    sys.exit(main())
