"""Files of problems: JSONL with one record a line, a TOML file with one problem, or a folder of either.

Promises: `on_error="raise"` stops at the first bad record; `on_error="skip"` keeps the good ones and lists
every mistake. A file is data: nothing in it is run, and a line longer than `MAX_LINE` is refused before it
is held in memory. Links and special files inside a folder are refused, so that no path leads out of it.
"""

import gzip
import json
import tomllib
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from envs.problems.fields import ProblemError, Where, fail
from envs.problems.records import problem_from_record
from envs.problems.schema import Problem

__all__ = ["Loaded", "ProblemError", "load_file", "load_suite"]

SUITE = Path(__file__).parent / "suite"
PACK = Path(__file__).parent / "suite.jsonl.gz"
MAX_LINE = 16 * 2**20
"""The longest line or TOML file, in bytes."""


@dataclass
class Loaded:
    """What a file held."""

    problems: list[Problem] = field(default_factory=list)
    errors: list[ProblemError] = field(default_factory=list)
    """The mistakes met, when they were to be skipped."""


def load_file(path: str | Path, on_error: str = "raise") -> Loaded:
    """The problems of a TOML, JSONL or gzipped JSONL file, or of all such files below a folder."""
    if on_error not in ("raise", "skip"):
        raise ValueError(f"on_error: {on_error!r} is not 'raise' or 'skip'")
    loaded = Loaded()
    seen: dict[str, Where] = {}
    for record, where in read_records(path):
        try:
            problem = problem_from_record(record, where) if not isinstance(record, ProblemError) else _raise(record)
            if problem.id in seen:
                fail(where / "id", f"{problem.id!r} stands already in {seen[problem.id]}; ids must differ")
        except ProblemError as error:
            if on_error == "raise":
                raise
            loaded.errors.append(error)
            continue
        seen[problem.id] = where
        loaded.problems.append(problem)
    return loaded


def read_records(path: str | Path) -> Iterator[tuple[Any, Where]]:
    """What stands in such a file or folder, with its places, before it is a problem; a mistake is a ProblemError."""
    for read in _readers(Path(path)):
        yield from read


def load_suite(
    split: str | None = None, families: Collection[str] | None = None, ids: Collection[str] | None = None
) -> list[Problem]:
    """The embedded problems with all their cases, by family and id; all, or only those asked for."""
    if not PACK.exists():
        raise ProblemError(f"{PACK.name} is missing; run: python -m envs.problems build")
    return [
        problem
        for problem in _suite()
        if (split is None or problem.split == split)
        and (families is None or problem.family in families)
        and (ids is None or problem.id in ids)
    ]


@cache
def _suite() -> tuple[Problem, ...]:
    return tuple(load_file(PACK).problems)


def _raise(error: ProblemError) -> Problem:
    raise error


def _readers(path: Path) -> Iterator[Iterator[tuple[Any, Where]]]:
    if path.is_dir():
        files = sorted(
            file for file in path.rglob("*") if file.suffix in (".toml", ".jsonl") or file.name.endswith(".jsonl.gz")
        )
        if not files:
            raise ProblemError(f"{path}: holds no .toml or .jsonl file")
    elif path.is_file():
        files = [path]
    else:
        what = "is neither a file nor a folder" if path.exists() else "there is no such file or folder"
        raise ProblemError(f"{path}: {what}")
    for file in files:
        yield _records(file, path)


def _records(file: Path, asked: Path) -> Iterator[tuple[Any, Where]]:
    """The records of a file that is, or lies in, what was asked for."""
    if file != asked:
        from envs.problems.loaders.source import Source

        checked = Source(asked).inside(file)
        if isinstance(checked, ProblemError):
            return iter([(checked, Where(str(file)))])
    return _toml(file) if file.suffix == ".toml" else _jsonl(file)


def _toml(file: Path) -> Iterator[tuple[Any, Where]]:
    where = Where(str(file))
    try:
        if file.stat().st_size > MAX_LINE:
            yield ProblemError(f"{where}: is longer than {MAX_LINE:,} bytes; a problem is a few KB"), where
            return
        text = file.read_text(encoding="utf-8-sig")
        yield tomllib.loads(text), Where(str(file), text=text)
    except OSError as error:
        yield ProblemError(f"{where}: cannot be read: {error}"), where
    except (ValueError, RecursionError) as error:  # no TOML, no UTF-8, or a number that is too long
        yield ProblemError(f"{where}: is not TOML: {error}"), where


def _jsonl(file: Path) -> Iterator[tuple[Any, Where]]:
    line = 0
    try:
        with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as lines:
            while text := lines.readline(MAX_LINE + 1):
                line += 1
                where = Where(str(file), line)
                if len(text) > MAX_LINE:
                    yield (
                        ProblemError(f"{where}: is longer than {MAX_LINE:,} bytes; nothing after it was read"),
                        where,
                    )
                    return
                if text.strip():
                    yield _json(text, where), where
    except (OSError, EOFError, zlib.error) as error:
        where = Where(str(file), line + 1)
        yield ProblemError(f"{where}: cannot be read: {error}"), where


def _json(text: bytes, where: Where) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        return ProblemError(f"{where}: is not JSON: {error}")
