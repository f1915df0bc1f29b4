"""The embedded suite in one file: every problem with the cases that were made for it.

Promises: the same problems give the same bytes; what the pack says differs from the hand-written files only
by the selection and hidden cases. Does not make cases: see `prove.py`.
"""

import gzip
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from envs.problems.load import MAX_LINE, PACK
from envs.problems.records import problem_to_record
from envs.problems.schema import Problem


def write_pack(problems: Sequence[Problem], path: Path = PACK) -> None:
    """Writes proved problems, in order of family and id."""
    ordered = sorted(problems, key=lambda problem: (problem.family, problem.id))
    path.write_bytes(gzip.compress(_lines(ordered), compresslevel=9, mtime=0))


def write_lines(problems: Sequence[Problem], path: Path) -> None:
    """Writes problems with all their cases, one JSON object a line; a file that is there is replaced at once."""
    new = path.with_name(f"{path.name}.new")
    new.write_bytes(_lines(problems))
    new.replace(path)


def line_fault(problem: Problem) -> str | None:
    """Why what `write_lines` writes of a problem could not be read again; None when it could."""
    size = len(_lines([problem]))
    if size <= MAX_LINE:
        return None
    return f"write: its cases make a line of {size:,} bytes, and {MAX_LINE:,} are read; give it shorter ones"


def _lines(problems: Sequence[Problem]) -> bytes:
    return "".join(
        json.dumps(problem_to_record(problem), separators=(",", ":")) + "\n" for problem in problems
    ).encode()


def unpacked(problem: Problem) -> Problem:
    """The problem without the cases that were made for it: what its hand-written file says."""
    return replace(problem, selection=(), hidden=())


def pack_fault(proved: Problem, packed: Problem | None) -> str | None:
    """Why the pack is out of date for a problem; None when it is not."""
    if packed is None:
        return "pack: the problem is not in it; run: python -m envs.problems build"
    old, new = problem_to_record(packed), problem_to_record(proved)
    changed = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    if not changed:
        return None
    return f"pack: {', '.join(changed)} differ from the suite's file; run: python -m envs.problems build"
