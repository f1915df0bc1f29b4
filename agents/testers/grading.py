"""Tests that a tester wrote as cases, to select among programs or to reward whoever writes them.

Promises: what a tester claims is taken as it is, right or wrong: no reference is asked; where tests of one input claim
different answers, the answer claimed most often counts. Does not promise that a program which fails is wrong.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from envs.problems import Case, Problem
from envs.problems.plain import key
from envs.text import NO_ANSWER, TestCase, read_test
from sandbox import Sandbox


def cases_of(problem: Problem, texts: Sequence[str]) -> list[Case]:
    """The tests that can be read, each input once, in the order in which they were written."""
    found: dict[str, list[TestCase]] = {}
    for text in texts:
        test = read_test(text, problem.kind, problem.entry, problem.signature)
        if isinstance(test, TestCase) and test.expected is not NO_ANSWER:
            found.setdefault(key(test.args), []).append(test)
    return [_agreed(tests) for tests in found.values()]


def _agreed(tests: Sequence[TestCase]) -> Case:
    votes = Counter(key((test.expected,)) for test in tests)
    answer, _ = votes.most_common(1)[0]
    best = next(test for test in tests if key((test.expected,)) == answer)
    return Case(best.args, best.expected, why="a tester's")


def graded_by(problems: Sequence[Problem], written: Mapping[str, Sequence[str]]) -> list[Problem]:
    """The problems with a tester's tests in place of the selection cases; those without any test are left out."""
    tested = [(problem, tuple(cases_of(problem, written.get(problem.id, ())))) for problem in problems]
    found = [replace(problem, selection=cases) for problem, cases in tested if cases]
    if not found:
        raise ValueError(f"tests_by: no test of the tester could be read, for {len(problems)} problems; train it first")
    return found


def problems_graded_by(
    given: str | Mapping[str, Any], problems: Sequence[Problem], box: Sandbox | None
) -> list[Problem]:
    """What `env.tests_by` says: a run or a folder of a tester, alone or with `samples`, `answer_ids` and so on.

    What is not said is as it was when the run was trained.
    """
    from agents.llm.ranges import check_numbers
    from agents.testers.measure import Measuring
    from agents.testers.policies import asked_as, load, policies_of
    from agents.testers.writing import write_for

    settings: dict[str, Any] = {"path": given} if isinstance(given, str) else dict(given)
    if box is None:
        raise ValueError("tests_by: a tester's tests are of use only in environments that judge programs")
    path = settings.pop("path", None)
    unknown = set(settings) - {"samples", "temperature", "answer_ids", "style", "seed"}
    if path is None or unknown:
        raise ValueError(f"tests_by: give a path{f', and not {min(unknown)!r}' if unknown else ''}")
    chosen: dict[str, Any] = {"samples": 10, **asked_as(str(path), "temperature"), **settings}
    check_numbers(Measuring(**chosen), "tests_by", {"1 or more": ("samples", "answer_ids")})
    return graded_by(problems, write_for(load(policies_of(str(path))[0]), "testgen", problems, box, **chosen))


def table_of(path: Path) -> dict[str, list[str]]:
    """Programs or tests that somebody wrote: a JSON file, problem -> list of texts."""
    try:
        found = json.loads(path.read_text("utf-8"))
        for name, texts in found.items():
            if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
                raise TypeError(f"of {name!r} it holds no list of texts")
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise ValueError(f"{path}: holds no table of texts ({error}); give JSON, problem -> list of texts") from None
    return dict(found)
