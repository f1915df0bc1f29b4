"""The mutation score of tests, whether their inputs are in the kill matrix or not."""

from dataclasses import replace

import pytest

from envs.problems import Reference
from envs.problems.bugs import BugPool, mutation_score
from envs.problems.bugs.build import build_pool
from envs.problems.bugs.pool import pack_inputs
from sandbox import Call, Stdin


@pytest.fixture(scope="module")
def pool(balance_pool):
    return balance_pool


@pytest.fixture(scope="module")
def stdin_pool(longest_pool):
    return longest_pool


def test_all_inputs_of_the_pool_expose_all_bugs(box, balance, pool):
    score = mutation_score(box, balance, [Call(args=args) for args in pool.inputs], pool)
    assert score.score == 1.0
    assert score.killed == score.total == pool.tiers()


def test_no_tests_expose_nothing(box, balance, pool):
    score = mutation_score(box, balance, [], pool)
    assert score.score == 0.0
    assert score.total == pool.tiers()


def test_looking_up_and_executing_give_the_same(box, balance, pool):
    known = pool.inputs[5:25]
    forgetful = type(pool)(pool.problem, pool.bugs, pool.drawn, pool.packed_inputs)
    forgetful.__dict__["place_of"] = {}
    tests = [Call(args=args) for args in known]
    looked_up, executed = mutation_score(box, balance, tests, pool), mutation_score(box, balance, tests, forgetful)
    assert looked_up == executed
    assert 0 < looked_up.score < 1


def test_each_test_names_the_bugs_that_it_exposes(box, balance, pool):
    args = pool.inputs[7]
    score = mutation_score(box, balance, [Call(args=args)], pool)
    assert list(score.exposed[0]) == [bug.id for bug in pool.bugs if bug.kills(7)]
    assert score.faults == (None,)


def test_a_new_input_is_executed(box, balance, pool):
    args = ([9, -3, -9, 4, -9, 8, 2], -7)
    assert args not in pool.inputs
    score = mutation_score(box, balance, [Call(args=args, expected=11)], pool)
    assert score.faults == (None,)
    assert score.exposed[0]


def test_tests_that_are_not_valid_do_not_count(box, balance, pool):
    args = pool.inputs[7]
    tests = [Call(args=args, expected=10**6), Call(args=([1], 5)), Call(args=("x",)), Call(args=args)]
    score = mutation_score(box, balance, tests, pool)
    assert score.faults[0] == "the expected answer is wrong"
    assert score.faults[1]
    assert score.faults[2]
    assert score.faults[3] is None
    assert score.exposed[:3] == ((), (), ())
    assert score.exposed[3]


def test_stdin_tests_are_scored_too(box, longest, stdin_pool):
    tests = [Stdin("2\nab\nc\n", expected="2\nab\n"), Stdin("1\nb\n", expected="7\n")]
    score = mutation_score(box, longest, tests, stdin_pool)
    assert score.faults == (None, "the expected answer is wrong")
    assert 0 < score.score < 1


def test_an_input_on_which_the_references_differ_is_the_fault_of_its_test(box, balance, pool):
    rash = Reference("rash", "def balance(moves, floor):\n    return sum(moves)\n")
    vague = replace(balance, references=(*balance.references, rash), grammar={}, exhaustive={})
    score = mutation_score(box, vague, [Call(args=([5, -1], 0)), Call(args=([1, -2, 12], 0))], pool)
    assert score.faults == (None, "the references differ on it")
    assert score.exposed[0]
    assert score.exposed[1] == ()


def test_a_reference_that_was_left_out_of_the_bugs_has_no_say(box, balance):
    old = Reference("old", "def balance(moves, floor):\n    return raw_input()\n")
    foreign = replace(balance, references=(old, *balance.references), exhaustive={}, unproved=("grammar",))
    pool = build_pool(foreign, box)
    score = mutation_score(box, foreign, [Call(args=([5, -1], 0), expected=4)], pool)
    assert score.faults == (None,)


@pytest.mark.parametrize("left", [0, 1])
def test_a_problem_without_bugs_has_a_score_of_nothing(box, balance, left):
    foreign = replace(balance, references=balance.references[:left], exhaustive={}, unproved=("references", "grammar"))
    score = mutation_score(box, foreign, [Call(args=([5, -1], 0))], BugPool("balance", (), 0, pack_inputs([])))
    assert score.score == 0.0
    assert [fault is None for fault in score.faults] == [left == 1]


def test_the_wrong_kind_of_test_is_refused(box, longest, stdin_pool):
    with pytest.raises(ValueError, match=r"tests\[0\] is a Call; longest is of kind stdin, so give a Stdin"):
        mutation_score(box, longest, [Call(args=(1,))], stdin_pool)
