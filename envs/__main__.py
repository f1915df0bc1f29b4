"""`python -m envs COMMAND`: list, play, check, bench.

Promises: the exit code is 0 when all is well, 1 when a check found something, 2 when the command cannot be done:
wrong arguments, an unknown environment, or no sandbox; 130 after an interruption, and 141 when whoever read the
output has gone. An id may be one of ours, or `package:Id-v0` of anyone's.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence

from gymnasium.error import Error

from sandbox.ending import ended

COMMANDS = {
    "list": "envs.commands.listing",
    "play": "envs.commands.play",
    "check": "envs.commands.check",
    "bench": "envs.commands.bench",
}
"""Where each command lives; a module has `HELP`, `EXAMPLE`, `configure(parser)` and `run(args) -> int`."""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit code."""
    return ended("error", lambda: _run(argv), ImportError, Error)


def _run(argv: Sequence[str] | None) -> int:
    parser = argparse.ArgumentParser(prog="python -m envs", description="The environments of Sparring.")
    chosen = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    modules = {name: importlib.import_module(path) for name, path in COMMANDS.items()}
    for name, module in modules.items():
        example = f"example: python -m envs {name} {module.EXAMPLE}"
        module.configure(chosen.add_parser(name, help=module.HELP, description=module.HELP, epilog=example))
    args = parser.parse_args(argv)
    return int(modules[args.command].run(args))


if __name__ == "__main__":
    sys.exit(main())
