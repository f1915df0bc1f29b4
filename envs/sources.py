"""Which problems an environment is about, as its keyword `problems=` says.

Promises: the same words give the same problems in the same order; an unknown name is an error with a guess.
A data set that gives inputs without answers (HumanEval+, MBPP+) gets those of its references, in the sandbox.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

from gymnasium import logger

from envs.problems import SPLITS, Problem, load_file, load_suite
from sandbox import Sandbox
from sandbox.guess import guess

Source = str | Problem | Iterable[str | Problem]
"""A split, "suite", an id, a path, DATA_SET=PATH, a problem; or several of them."""
Box = Callable[[], Sandbox]
SUFFIXES = (".toml", ".json", ".jsonl", ".gz", ".parquet")
"""What only the name of a file ends in."""


def find_problems(source: Source, box: Box | None = None) -> list[Problem]:
    """The problems that a keyword names, each once; `box` gives the sandbox, if one is needed (the shared one)."""
    parts = list(source) if isinstance(source, Iterable) and not isinstance(source, str) else [source]
    found: dict[str, Problem] = {}
    for part in parts:
        found |= {problem.id: problem for problem in _part(part, box)}
    if not found:
        raise ValueError(f"problems={source!r}: names no problem; give a split, ids, a path or DATA_SET=PATH")
    return list(found.values())


def _part(part: Any, box: Box | None) -> list[Problem]:
    if isinstance(part, Problem):
        return [part]
    if not isinstance(part, str):
        raise ValueError(f"problems: {part!r} is neither a name nor a Problem; give a split, an id or a path, as text")
    if part == "suite" or part in SPLITS:
        return load_suite(None if part == "suite" else part)
    if chosen := load_suite(ids=[part]):
        return chosen
    if part and _is_there(part):
        return load_file(part).problems
    if "=" in part:
        from envs.problems.loaders import named_problems

        if not part.partition("=")[2]:  # it would be the current folder
            raise ValueError(f"problems: {part!r} has no path; give DATA_SET=PATH, the file or folder of the data set")
        return _useful(part, _with_answers(named_problems(part), box))
    if "/" in part or part.endswith(SUFFIXES):
        raise ValueError(f"problems: there is no file or folder {part!r}; give a path, or DATA_SET=PATH of a data set")
    known = ["suite", *SPLITS, *(problem.id for problem in load_suite())]
    raise ValueError(
        f"problems: {part!r} is no split, id or file; {guess(part, known, 'see: python -m envs.problems list')}"
    )


def _is_there(path: str) -> bool:
    try:
        return Path(path).exists()
    except OSError as error:
        raise ValueError(
            f"problems: {path[:60]!r} cannot be looked for ({error.strerror}); give a split, an id or another path"
        ) from None


def _with_answers(problems: list[Problem], box: Box | None) -> list[Problem]:
    """The problems, with answers of their references to the inputs that came without."""
    from envs.problems.loaders.answers import answered, lacks_answers

    asked = [each for each in problems if lacks_answers(each) and _answered.get(each.id, (None,))[0] != each]
    if asked:
        from envs.boxes import shared_box

        opened = (box or shared_box)()
        with ThreadPoolExecutor(opened.workers) as pool:
            found = list(pool.map(lambda each: answered(each, opened), asked))
        _answered.update({each.id: (each, full) for each, full in zip(asked, found, strict=True)})
    return [_answered[each.id][1] if lacks_answers(each) else each for each in problems]


_answered: dict[str, tuple[Problem, Problem]] = {}
"""What was asked already, for further environments of the same problems."""


def _useful(part: str, problems: list[Problem]) -> list[Problem]:
    """The problems, with a word about those that nothing can be measured on."""
    bare = [each for each in problems if not (each.visible or each.hidden or each.grammar or each.test_code)]
    if bare:
        warn_once(
            f"problems={part!r}: in {len(bare)} of {len(problems)} no example or test could be read, so they have no "
            f"bugs and are passed over; the first is {bare[0].id}"
        )
    return problems


@cache
def warn_once(text: str) -> None:
    """However many environments are made of the same problems."""
    logger.warn(text)


def no_bug(bug: str, problem: str, known: Iterable[str] = ()) -> ValueError:
    """What to raise for the id of no bug, with a guess among the bugs that the problem has."""
    near = difflib.get_close_matches(bug, list(known), 1)
    hint = f"did you mean {near[0]!r}? See" if near else "see"
    return ValueError(f"reset(options): there is no bug {bug!r} here; {hint}: python -m envs.problems bugs {problem}")
