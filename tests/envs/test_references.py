"""References that are asked together answer as they do alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from envs.asking import settle
from envs.problems import Problem, Reference, load_suite
from envs.problems.running import answers
from envs.references import opinions, together
from sandbox import Sandbox, Stdin, open_sandbox


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with open_sandbox("auto", workers=1) as opened:
        yield opened


def problems() -> list[Problem]:
    suite = load_suite("test")
    return [next(one for one in suite if one.kind == kind) for kind in ("function", "stdin")]


def test_a_row_has_the_answer_of_every_reference(box: Sandbox) -> None:
    for problem in problems():
        cases = problem.hidden[:4]
        rows = settle(opinions(problem, [case.args for case in cases]), box)
        for case, row in zip(cases, rows, strict=True):
            assert len(row) == len(problem.references) > 1
            answers = [outcome.stdout if problem.kind == "stdin" else outcome.value for outcome in row]
            assert answers[0] == case.expected


def test_where_one_fails_each_is_asked_alone_and_says_how(box: Sandbox) -> None:
    function = problems()[0]
    fails = Reference("fails", f"def {function.entry}(*args):\n    raise ValueError('no')\n")
    problem = replace(function, references=(function.references[0], fails))
    [row] = settle(opinions(problem, [function.hidden[0].args]), box)
    assert row[0].failure is None
    assert "ValueError: no" in row[1].error


def test_one_reference_cannot_change_what_another_is_given(box: Sandbox) -> None:
    greedy = Reference("greedy", "def f(items):\n    total = sum(items)\n    items.clear()\n    return total\n")
    plain = Reference("plain", "def f(items):\n    return sum(items)\n")
    problem = replace(problems()[0], entry="f", references=(greedy, plain))
    [row] = settle(opinions(problem, [([1, 2],)]), box)
    assert [outcome.value for outcome in row] == [3, 3]


def test_together_they_read_the_line_ends_that_each_reads_alone(box: Sandbox) -> None:
    shows = Reference("shows", "import sys\nprint(repr(sys.stdin.read()))\n")
    problem = replace(problems()[1], references=(shows, shows))
    [row] = settle(opinions(problem, [("1\r\n2\r\n",)]), box)
    [alone] = answers(problem, shows.source, [("1\r\n2\r\n",)], box)
    [outcome] = box.run(shows.source, [Stdin("1\r\n2\r\n")])
    assert [one.stdout for one in row] == [alone.value] * 2 == [outcome.stdout] * 2
    assert "\\r\\n" in outcome.stdout


def test_no_inputs_no_questions() -> None:
    assert list(opinions(problems()[0], [])) == []
    assert together(problems()[0], []).inputs == []
