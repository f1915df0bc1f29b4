"""Programs that no test shows to be wrong: doing nothing to them must not earn anything."""

from dataclasses import replace

import pytest

from envs.problems import Case, WrongProgram, load_suite

LOOKS_LONGER = "def top(nums):\n    return max(nums[:3])\n"
"""Passes every case but a hidden one."""


@pytest.fixture
def unseen(highest):
    """A problem whose only wrong program passes every shown test, and that has no selection."""
    hidden = (*highest.hidden, Case(([1, 2, 3, 4],), 4))
    wrong = (WrongProgram("longer", LOOKS_LONGER, "looks at three numbers"),)
    return replace(highest, id="unseen", wrong=wrong, selection=(), hidden=hidden)


@pytest.mark.parametrize("name", ["Repair-v0", "Repair-Strategy-v0"])
def test_a_program_that_nothing_shows_to_be_wrong_is_refused(make, unseen, name):
    with pytest.raises(ValueError, match=r"no test shows that unseen-\w+ is wrong, .* give the problem more cases"):
        make(name, problems=unseen).reset(seed=0)


def test_where_another_problem_can_be_drawn_it_is(make, unseen, highest):
    env = make(problems=[unseen, highest])
    assert {env.reset(seed=seed)[1]["problem"] for seed in range(6)} == {"highest"}
    with pytest.raises(ValueError, match="no test shows"):
        env.reset(options={"problem": "unseen"})


def test_a_program_that_the_caller_gives_is_taken_as_it_is(make, unseen):
    seen, _ = make(problems=unseen).reset(options={"program": LOOKS_LONGER})
    assert seen["code"] == LOOKS_LONGER


def test_without_any_visible_case_a_test_that_the_bug_fails_is_shown(make):
    """And a right program solves it: with nothing shown and no selection there would be nothing to be right about."""
    [problem] = load_suite(ids=["balanced_cut"])
    env = make(problems=replace(problem, visible=(), selection=()))
    seen, _ = env.reset(seed=0)
    assert seen["tests"].startswith("assert balanced_cut(")
    assert env.step(problem.references[0].source)[1:3] == (1.0, True)


def test_a_problem_without_a_case_to_show_is_refused(make, highest):
    with pytest.raises(ValueError, match="no test shows that highest-"):
        make(problems=replace(highest, visible=(), selection=())).reset(seed=0)
