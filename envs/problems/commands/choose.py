"""Which problems a command is about: the whole suite, or those that its arguments name.

Promises: an argument is the id of an embedded problem, a file or folder of problems, or a foreign data set as
`humaneval=PATH`; `PATH:ID` takes one problem of a file. Anything else is a ValueError with a near-miss guess, and so
are different problems of one id. A bad record is a ProblemError, or with `--skip-errors` a line on the error stream.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from envs.problems.fields import ProblemError
from envs.problems.load import SUITE, load_file, load_suite
from envs.problems.loaders import load, load_with_progress
from envs.problems.schema import Problem
from sandbox.ending import printable
from sandbox.guess import guess

NAMES_HELP = (
    "ids of embedded problems, files or folders of problems, or DATA_SET=PATH; one problem of a file is PATH:ID"
)


Skipped = list[ProblemError] | None
"""Where the mistakes of records go that are left out; None: the first one is raised."""


def add_names(parser: argparse.ArgumentParser, count: str = "*") -> None:
    """Declares the argument that names problems."""
    default = " (default: the whole suite)" if count == "*" else ""
    parser.add_argument("names", nargs=count, metavar="ID|PATH", help=NAMES_HELP + default)
    parser.add_argument(
        "--skip-errors", action="store_true", help="leave out records that are wrong, and say which; exit code 1"
    )


def packed_problems(names: Sequence[str], skipped: Skipped = None) -> list[Problem]:
    """The problems with the cases that were made for them."""
    return _named(names, load_suite(), skipped) if names else load_suite()


def written_problems(names: Sequence[str], skipped: Skipped = None) -> list[Problem]:
    """The problems as they are written by hand, without selection and hidden cases."""
    return _named(names, _written_suite(), skipped) if names else list(_written_suite())


def is_embedded(problem: Problem) -> bool:
    """Whether the problem is one of the embedded suite, exactly as its file says it."""
    return any(problem == other for other in _written_suite() if other.id == problem.id)


@cache
def _written_suite() -> tuple[Problem, ...]:
    problems = load_file(SUITE).problems
    for problem in problems:
        path = SUITE / problem.family / f"{problem.id}.toml"
        if not path.is_file():
            raise ProblemError(f"{problem.id}: must stand in {path}, as its family and id say")
    return tuple(sorted(problems, key=lambda problem: (problem.family, problem.id)))


def _named(names: Sequence[str], suite: Sequence[Problem], skipped: Skipped) -> list[Problem]:
    known = {problem.id: problem for problem in suite}
    found: dict[str, tuple[Problem, str]] = {}
    for name in names:
        for problem in [known[name]] if name in known else _outside(name, known, skipped):
            other, before = found.setdefault(problem.id, (problem, name))
            if other != problem:
                raise ValueError(
                    f"{name}: the id {problem.id!r} stands already in {before}; name one of them at a time"
                )
    return [problem for problem, _ in found.values()]


def _outside(name: str, known: Iterable[str], skipped: Skipped) -> list[Problem]:
    """The problems of `[DATA_SET=]PATH[:ID]`."""
    path, wanted = _path_and_id(name)
    data_set, sign, rest = name.partition("=")
    if sign and not _exists(path):
        path, wanted = _path_and_id(rest)
        problems, errors = _foreign(data_set, path, skipped is not None)
    elif _exists(path):
        loaded = load_file(path, "raise" if skipped is None else "skip")
        problems, errors = loaded.problems, loaded.errors
    else:
        hint = guess(name, known, "see: python -m envs.problems list")
        raise ValueError(f"{name!r} is neither the id of an embedded problem nor a file; {hint}")
    if not problems and not errors:
        raise ValueError(f"{name}: holds no problem")
    for error in errors:
        print(f"skipped: {printable(str(error))}", file=sys.stderr)
    if skipped is not None:
        skipped += errors
    return [_by_id(problems, wanted, path)] if wanted else problems


def _foreign(data_set: str, path: str, skip: bool) -> tuple[list[Problem], list[ProblemError]]:
    if not path:
        raise ValueError(f"{data_set}=: names no file or folder; write {data_set}=PATH")
    stream = load(data_set, path, on_error="skip" if skip else "raise")
    items = list(load_with_progress(stream))
    problems = [item for item in items if isinstance(item, Problem)]
    if items and not problems:
        raise ValueError(f"{data_set}: holds no problems but {type(items[0]).__name__} records; use load() in Python")
    return problems, stream.errors


def _exists(path: str) -> bool:
    try:
        return Path(path).exists()
    except OSError:  # it is too long, or lies in a folder that is closed to us
        return False


def _path_and_id(text: str) -> tuple[str, str]:
    """Divides at a colon behind which no longer path exists; a path may hold colons itself."""
    parts = text.split(":")
    for length in range(len(parts), 0, -1):
        path = ":".join(parts[:length])
        if _exists(path):
            return path, ":".join(parts[length:])
    return text, ""


def _by_id(problems: Sequence[Problem], wanted: str, path: str) -> Problem:
    """The problem of that id, or whose id ends so behind the data set's name."""
    known = {problem.id: problem for problem in problems}
    short = {name.partition("/")[2]: problem for name, problem in known.items()}
    if wanted not in known and wanted not in short:
        hint = guess(wanted, [*known, *short], f"the first is {next(iter(known), None)!r}")
        raise ValueError(f"{path} holds no problem {wanted!r}; {hint}")
    return known.get(wanted) or short[wanted]
