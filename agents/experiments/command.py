"""The command that makes a result, as it is recorded beside the result.

Promises: every option of the experiment that is not as it is by default is in it, in quotes where a shell needs them;
`--out`, which says only where the result stands, is not.
"""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Callable


def command(name: str, add_arguments: Callable[[argparse.ArgumentParser], None], options: argparse.Namespace) -> str:
    """The command of an experiment that was asked for with these options."""
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    words = ["python", "-m", "agents.experiments", name]
    for option, usual in vars(parser.parse_args([])).items():
        given = getattr(options, option)
        if given != usual:
            values = given if isinstance(given, list) else [] if given is True else [given]
            words += [f"--{option.replace('_', '-')}", *map(str, values)]
    return shlex.join(words)
