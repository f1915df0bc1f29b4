"""`python -m agents.experiments`: makes the measured tables and pictures of docs/results/ anew.

Promises: each experiment writes NAME.md, NAME.json and its pictures, and prints the tables; the same seeds
give the same numbers. An experiment is a module with `HELP`, `add_arguments(parser)` and `run(options) ->
int`, named in `EXPERIMENTS`.
"""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Sequence
from pathlib import Path

from sandbox.ending import ended

EXPERIMENTS = {"e3": "agents.experiments.e3", "e7": "agents.experiments.e7", "atgen": "agents.experiments.atgen"}
"""Name -> module."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one experiment; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m agents.experiments", description="Makes docs/results/ anew.")
    commands = parser.add_subparsers(required=True, metavar="NAME", dest="name")
    for name, module in EXPERIMENTS.items():
        experiment = importlib.import_module(module)
        command = commands.add_parser(name, help=experiment.HELP, description=experiment.__doc__)
        command.add_argument("--out", type=Path, default=Path("docs/results"), help="where to write (docs/results)")
        experiment.add_arguments(command)
        command.set_defaults(run=experiment.run)
    options = parser.parse_args(arguments)
    return ended(f"experiments {options.name}", lambda: int(options.run(options)))


if __name__ == "__main__":
    raise SystemExit(main())
