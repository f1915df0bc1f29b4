"""`python -m envs.problems COMMAND`: list, show, check, build, stats, bugs.

Promises: the exit code is 0 when all is well, 1 when a problem is wrong or a record was skipped, 2 when the command
cannot be done: wrong arguments or files, or no sandbox. A reader that has enough, such as `head`, ends a command
quietly with 141, and an interruption with 130.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence

from sandbox.ending import ended

COMMANDS = {
    "list": "envs.problems.commands.listing",
    "show": "envs.problems.commands.show",
    "check": "envs.problems.commands.check",
    "build": "envs.problems.commands.build",
    "stats": "envs.problems.commands.stats",
    "bugs": "envs.problems.bugs.command",
}
"""Where each command lives; a module has `HELP`, `EXAMPLE`, `configure(parser)` and `run(args) -> int`."""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit code."""
    return ended("error", lambda: _run(argv))


def _run(argv: Sequence[str] | None) -> int:
    parser = argparse.ArgumentParser(prog="python -m envs.problems", description="The problems of Sparring.")
    chosen = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    modules = {name: importlib.import_module(path) for name, path in COMMANDS.items()}
    for name, module in modules.items():
        example = f"example: python -m envs.problems {name} {module.EXAMPLE}"
        module.configure(chosen.add_parser(name, help=module.HELP, description=module.HELP, epilog=example))
    args = parser.parse_args(argv)
    args.skipped = [] if getattr(args, "skip_errors", False) else None
    return int(modules[args.command].run(args)) or int(bool(args.skipped))


if __name__ == "__main__":
    sys.exit(main())
