"""`python -m envs.repairer COMMAND`: bench, strategies.

Promises: the exit code is 0 when all is well, 2 when the command cannot be done, 130 after an interruption, and
141 when whoever read the output has gone. Figures go to standard output, progress to standard error.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from envs.repairer import bench, listing
from sandbox.ending import ended

COMMANDS = {"bench": bench, "strategies": listing}


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit code."""
    return ended("error", lambda: _run(argv))


def _run(argv: Sequence[str] | None) -> int:
    parser = argparse.ArgumentParser(prog="python -m envs.repairer", description="The embedded program repairer.")
    chosen = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, module in COMMANDS.items():
        example = f"example: python -m envs.repairer {name} {module.EXAMPLE}"
        module.configure(chosen.add_parser(name, help=module.HELP, description=module.HELP, epilog=example))
    args = parser.parse_args(argv)
    return int(COMMANDS[args.command].run(args))


if __name__ == "__main__":
    sys.exit(main())
