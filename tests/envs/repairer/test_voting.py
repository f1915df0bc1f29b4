"""Programs that pass everything vote on inputs that no case has."""

from __future__ import annotations

from dataclasses import replace

from envs.asking import settle
from envs.problems.cases import Case
from envs.repairer.patient import Patient
from envs.repairer.voting import DRAWN, INPUTS, agreement, varied
from sandbox import Sandbox
from sandbox.compare import Checker

CASES = [Case(([1, 2, 3],), 6), Case(([4],), 4)]
PATIENT = Patient("def total(items):\n    return 0\n", CASES, "total")
RIGHT = "def total(items):\n    return sum(items)\n"
ALSO_RIGHT = "def total(items):\n    whole = 0\n    for item in items:\n        whole += item\n    return whole\n"
BY_HEART = "def total(items):\n    return {3: 6, 1: 4}.get(len(items), 0)\n"
TRICK = "def total(items):\n    return sum(dict.fromkeys(items))\n"


def test_the_right_programs_outvote_those_that_are_wrong_in_their_own_ways(box: Sandbox) -> None:
    votes = settle(agreement(PATIENT, [BY_HEART, RIGHT, TRICK, ALSO_RIGHT], 5000), box)
    assert votes[1] == votes[3]
    assert votes[1] > max(votes[0], votes[2])


def test_a_program_that_fails_on_new_inputs_is_outvoted(box: Sandbox) -> None:
    crashes = "def total(items):\n    return {(1, 2, 3): 6, (4,): 4}[tuple(items)]\n"
    ends = "import os\ndef total(items):\n    if items != [4]: os._exit(0)\n    return 4\n"
    votes = settle(agreement(PATIENT, [crashes, RIGHT, ends, ALSO_RIGHT], 5000), box)
    assert min(votes[1], votes[3]) > max(votes[0], votes[2])


def test_two_programs_or_answers_that_may_differ_are_not_voted_on(box: Sandbox) -> None:
    assert settle(agreement(PATIENT, [RIGHT, TRICK], 5000), box) == [0.0, 0.0]
    checked = replace(PATIENT, compare=Checker("def check(given, answer, expected):\n    return True\n"))
    assert settle(agreement(checked, [RIGHT, TRICK, BY_HEART], 5000), box) == [0.0] * 3


def test_where_no_input_can_be_varied_nobody_votes(box: Sandbox) -> None:
    patient = Patient("def f(nothing):\n    return True\n", [Case((None,), True)], "f")
    assert settle(agreement(patient, ["def f(nothing):\n    return True\n"] * 3, 5000), box) == [0.0] * 3


def test_inputs_are_new_alike_and_always_the_same() -> None:
    found = varied(PATIENT)
    assert INPUTS < len(found) <= DRAWN
    assert [case.args for case in found] == [case.args for case in varied(PATIENT)]
    assert all(case.args not in [known.args for known in CASES] for case in found)
    assert all(isinstance(item, int) and item >= 0 for case in found for item in case.args[0])


def test_numbers_in_texts_change_and_their_layout_stays() -> None:
    script = Patient("print(input())", [Case(("2\n10 20\n",), "30")])
    lines = [case.args[0].split("\n") for case in varied(script)]
    assert all(len(each) == 3 and len(each[1].split()) == 2 for each in lines)


def test_inputs_that_no_program_can_read_do_not_count(box: Sandbox) -> None:
    """A change of the count breaks a text: those that follow it count all the same, and it does not."""
    reads = "n, *rest = map(int, input().split())\nassert n == len(rest)\nprint({})\n"
    script = Patient(reads.format("sum(rest) + 1"), [Case(("2 10 20",), "30"), Case(("3 1 1 1",), "3")])
    wrong, right, also = (reads.format(each) for each in ("sum({*rest}) or 3", "sum(rest)", "sum(sorted(rest))"))
    votes = settle(agreement(script, [wrong, right, also], 5000), box)
    assert votes[1] == votes[2] > votes[0]
    assert 1.5 < votes[0] < 2.6  # 1.0 when the first broken text ends it all, 2.75 when broken texts count


def test_inputs_on_which_the_patient_alone_fails_count(box: Sandbox) -> None:
    patient = Patient("def f(a, k):\n    return a[k]\n", [Case(([1, 2], 2), 1), Case(([5, 6, 7], 4), 6)], "f")
    sources = [f"def f(a, k):\n    return {each}\n" for each in ("a[k % len(a)]", "a[k - len(a)]", "(a * 9)[k]")]
    votes = settle(agreement(patient, sources, 5000, near=patient.tests), box)
    assert votes[0] == votes[2] > votes[1]


def test_letters_change_where_a_text_has_no_numbers() -> None:
    patient = Patient("def f(text):\n    return text\n", [Case(("abcab",), "abcab")], "f")
    texts = [case.args[0] for case in varied(patient)]
    assert {len(text) for text in texts} >= {4, 5, 6}
    assert {letter for text in texts for letter in text} == set("abc")
