"""Which problems a command is about: the whole suite, or those that its arguments name.

Promises: an argument is the id of an embedded problem, a file or folder of problems, or a foreign data set as
`humaneval=PATH`; `PATH:ID` takes one problem of a file. Anything else is a ValueError with a near-miss guess.
"""

import argparse
import difflib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from envs.problems.fields import ProblemError
from envs.problems.load import SUITE, load_file, load_suite
from envs.problems.loaders import named_problems
from envs.problems.schema import Problem

NAMES_HELP = (
    "ids of embedded problems, files or folders of problems, or DATA_SET=PATH; one problem of a file is PATH:ID "
    "(default: the whole suite)"
)


def add_names(parser: argparse.ArgumentParser, count: str = "*") -> None:
    """Declares the argument that names problems."""
    parser.add_argument("names", nargs=count, metavar="ID|PATH", help=NAMES_HELP)


def packed_problems(names: Sequence[str]) -> list[Problem]:
    """The problems with the cases that were made for them."""
    return _named(names, load_suite()) if names else load_suite()


def written_problems(names: Sequence[str]) -> list[Problem]:
    """The problems as they are written by hand, without selection and hidden cases."""
    return _named(names, _written_suite()) if names else list(_written_suite())


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


def _named(names: Sequence[str], suite: Sequence[Problem]) -> list[Problem]:
    known = {problem.id: problem for problem in suite}
    found: dict[str, Problem] = {}
    for name in names:
        if name in known:
            found[name] = known[name]
        elif outside := _outside(name):
            found |= {problem.id: problem for problem in outside}
        else:
            near = difflib.get_close_matches(name, known, 1)
            guess = f"did you mean {near[0]!r}?" if near else "see: python -m envs.problems list"
            raise ValueError(f"{name!r} is neither the id of an embedded problem nor a file; {guess}")
    return list(found.values())


def _outside(name: str) -> list[Problem]:
    """The problems of `[DATA_SET=]PATH[:ID]`; none when there is no such path."""
    data_set, _, rest = name.rpartition("=") if not Path(name).exists() else ("", "", name)
    path, wanted = _path_and_id(rest)
    if data_set:
        problems = named_problems(f"{data_set}={path}")
    elif Path(path).exists():
        problems = load_file(path).problems
    else:
        return []
    return [_by_id(problems, wanted, path)] if wanted else problems


def _path_and_id(text: str) -> tuple[str, str]:
    """Divides at a colon behind which no longer path exists; a path may hold colons itself."""
    parts = text.split(":")
    for length in range(len(parts), 0, -1):
        path = ":".join(parts[:length])
        if Path(path).exists():
            return path, ":".join(parts[length:])
    return text, ""


def _by_id(problems: Sequence[Problem], wanted: str, path: str) -> Problem:
    """The problem of that id, or whose id ends so behind the data set's name."""
    known = {problem.id: problem for problem in problems}
    short = {name.partition("/")[2]: problem for name, problem in known.items()}
    if wanted not in known and wanted not in short:
        near = difflib.get_close_matches(wanted, [*known, *short], 1)
        guess = f"did you mean {near[0]!r}?" if near else f"the first is {next(iter(known), None)!r}"
        raise ValueError(f"{path} holds no problem {wanted!r}; {guess}")
    return known.get(wanted) or short[wanted]
