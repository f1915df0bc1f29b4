"""A guess at what no case shows: where it is made, what it may change, and what it says of itself."""

import pytest

from envs.problems import Case
from envs.repairer import STRATEGIES, repair
from sandbox import Call, Program
from sandbox.compare import Checker

RUNS = """\
def longest_run(text, letter):
    best = 0
    current = 0
    for each in text:
        if each == letter:
            current += 1
            best = max(best, current)
        else:
            current = 0
    return best
"""
TESTS = [Case(("aabaaa", "a"), 3), Case(("", "x"), 0), Case(("bbb", "a"), 0)]
SELECTION = [Case(("abab", "b"), 1), Case(("xxyx", "x"), 2)]
MISTAKES = {
    "a case that no case meets": ("    return best", "    if len(text) == 9:\n        best -= 1\n    return best"),
    "a loop that ends too early": ("in text:", "in text[:7]:"),
}


def guessed(box, program, **options):
    return repair(program, TESTS, entry="longest_run", box=box, selection=SELECTION, budget_s=20, **options)


def answers(box, source, entry, inputs):
    return [outcome.value for outcome in box.run(Program(source, entry), [Call(args) for args in inputs])]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_program_that_passes_everything_is_repaired_only_on_the_word_that_it_is_wrong(box, mistake):
    wrong = RUNS.replace(*MISTAKES[mistake])
    alone = guessed(box, wrong)
    assert (alone.source, alone.solved, alone.guessed) == (wrong, True, False)
    found = guessed(box, wrong, guess=True)
    assert (found.solved, found.selected, found.guessed) == (True, True, True)
    inputs = [("aaabaaaaa", "a"), ("b" * 30, "b"), ("abcabcabb", "b"), ("q", "r")]
    assert answers(box, found.source, "longest_run", inputs) == answers(box, RUNS, "longest_run", inputs)


def test_the_same_program_gets_the_same_guess_in_any_order_of_strategies(box):
    wrong = RUNS.replace(*MISTAKES["a loop that ends too early"])
    first, second = (guessed(box, wrong, guess=True, order=order) for order in (STRATEGIES, STRATEGIES[:0:-1]))
    assert first.source == second.source != wrong


def test_a_guess_is_an_edit_of_the_strategies_that_are_allowed(box):
    wrong = RUNS.replace(*MISTAKES["a case that no case meets"])
    found = guessed(box, wrong, guess=True, order=["step_by_step_reasoning"])
    assert {strategy for strategy, _, _ in found.changes} == {"step_by_step_reasoning"}


def test_a_program_that_fails_a_test_is_repaired_as_without_a_guess(box):
    wrong = RUNS.replace("best = 0", "best = 1")
    first, second = guessed(box, wrong), guessed(box, wrong, guess=True)
    assert (first.source, second.guessed) == (second.source, False)


def test_no_guess_is_made_where_every_edit_fails_a_case(box):
    found = repair("print(7)\n", [Case(("",), "7\n")], box=box, guess=True, order=["edge_case_check"])
    assert (found.source, found.solved, found.guessed) == ("print(7)\n", True, False)


def test_where_a_checker_judges_the_likeliest_edit_is_the_guess(box):
    alike = Checker("def check(given, output, expected):\n    return output % 2 == given[0] % 2\n")
    wrong = "def solve(n):\n    if n > 99:\n        n = n // 2 + 1\n    return n + 2\n"
    tests = [Case((n,), None) for n in (3, 4, 8)]
    found = repair(wrong, tests, entry="solve", box=box, compare=alike, budget_s=20, guess=True)
    assert found.guessed
    assert answers(box, found.source, "solve", [(200,)])[0] % 2 == 0


def test_where_no_further_input_can_be_made_up_the_likeliest_edit_is_the_guess(box):
    wrong = "def solve(text):\n    if text == 'x':\n        return 5\n    return len(text)\n"
    found = repair(wrong, [Case(("ab" * 3000,), 6000)], entry="solve", box=box, budget_s=20, guess=True)
    assert (found.guessed, answers(box, found.source, "solve", [("x",)])) == (True, [1])
