"""`CodeGen-Adversarial-v0`: what a wrong program earns, and what it must not earn."""

from dataclasses import replace

import pytest

from envs.asking import settle
from envs.codegen.tester import GrammarTester, ScriptedTester, right_tests
from envs.problems import load_suite
from envs.testgen.bugs import pool_of
from envs.testgen.writing import most_exposing
from envs.text import TestCase

USELESS = (1 - 3 * 0.5) / 4
"""What a program earns that is none but in its form."""
LAST_TIE = """\
def balanced_cut(values):
    total, left, best = sum(values), 0, None
    for cut in range(1, len(values)):
        left += values[cut - 1]
        gap = abs(total - 2 * left)
        if best is None or gap <= best[0]:
            best = (gap, cut)
    return best[1]
"""
"""Takes the last of several fair cuts."""
NOT_ESCAPED = (
    "It passes all {} tests, but does not escape: it is right, or wrong "
    "now and then on the same input, or wrong on too many inputs for an attempt at the problem."
)
"""What is said of both, so that no attempt asks the hidden cases."""
NO_TIES = ScriptedTester({"balanced_cut": [TestCase(([1, 2, 3],)), TestCase(([5, 1, 1],))]})


@pytest.mark.parametrize("name", ["balanced_cut", "fold_and_add"])
def test_the_oracle_earns_the_maximum_and_a_right_program_its_form(make, name):
    env = make(problems=name)
    env.reset(seed=0)
    best = env.best_reward
    _, reward, terminated, _, info = env.step(env.oracle_action())
    assert (reward, terminated, info["ended"], info["hidden_score"]) == (best, True, "escaped", 1.0)
    assert reward > 0.9
    for action, earned in ((env.noop_action(), USELESS), ("", -0.5)):
        env.reset(seed=0)
        _, reward, terminated, truncated, info = env.step(action)
        assert reward == pytest.approx(earned)
        assert (terminated, truncated, info["escaped"]) == (False, False, False)


def test_where_the_tests_catch_every_bug_the_best_is_to_be_read(make, box):
    [problem] = load_suite(ids=["house_numbers_without"])
    pool = pool_of(problem, box)
    tests = [TestCase(most_exposing(pool, bug, [])) for bug in pool.bugs]
    env = make(problems=problem.id, tester=ScriptedTester({problem.id: tests}), tests=len(tests))
    env.reset(seed=0)
    assert env.best_reward == pytest.approx(USELESS)
    assert env.step(env.oracle_action())[1] == pytest.approx(USELESS)


def test_an_equivalent_program_is_no_bug(make):
    env = make()
    right = env.problem.references[0].source
    equivalent = right.replace("left, right = 0, sum(values)", "left, right = 0, sum(reversed(values))")
    assert equivalent != right
    env.reset(seed=0)
    observation, reward, *_, info = env.step(equivalent)
    assert reward == pytest.approx(USELESS)
    assert (info["passes_tests"], info["hidden_failed"], info["escaped"]) == (True, 0, False)
    assert observation["feedback"] == NOT_ESCAPED.format(len(env.tests))


def test_knowing_the_tests_by_heart_is_no_bug(make):
    env = make()
    env.reset(seed=0)
    known = {tuple(case.args[0]): case.expected for case in env.tests}
    observation, reward, *_, info = env.step(f"def balanced_cut(values):\n    return {known}.get(tuple(values), 0)\n")
    assert info["passes_tests"]
    assert info["hidden_failed"] > 30
    assert reward == pytest.approx(USELESS)
    assert observation["feedback"] == NOT_ESCAPED.format(len(env.tests)), "it tells the hidden cases' verdicts apart"


@pytest.mark.parametrize(
    "source",
    [
        "def balanced_cut(values):\n    import os\n    os._exit(0)\n",
        "def balanced_cut(values):\n    raise SystemExit\n",
        "class Any(int):\n    __eq__ = lambda self, other: True\ndef balanced_cut(values):\n    return Any()\n",
        "def balanced_cut(values):\n    return object()\n",
    ],
)
def test_programs_that_would_cheat_are_caught(make, source):
    env = make()
    env.reset(seed=0)
    *_, info = env.step(source)
    assert (info["passes_tests"], info["escaped"]) == (False, False)
    assert info["reward_parts"]["attack"] == -0.5


def test_a_program_that_tosses_a_coin_is_no_bug(make):
    env = make()
    env.reset(seed=0)
    shown = [list(test.args) for test in env.unwrapped.tests]
    right, entry = env.unwrapped.problem.references[0].source, env.unwrapped.problem.entry
    coin = f"{right}\nright = {entry}\ndef {entry}(*args):\n    import os\n"
    coin += f"    return None if list(args) not in {shown!r} and os.urandom(1)[0] < 64 else right(*args)\n"
    observation, reward, *_, info = env.step(coin)
    assert reward == pytest.approx(USELESS)
    assert (info["passes_tests"], info["escaped"], info["hidden_failed"]) == (True, False, 0)
    assert observation["feedback"] == NOT_ESCAPED.format(len(shown))


def test_what_does_not_compile_or_defines_nothing_is_no_program(make):
    env = make(attempts=5)
    env.reset(seed=0)
    for action in ("def balanced_cut(values:", "def other():\n    pass", "```python\nx = 1\n```", "return"):
        observation, reward, *_, info = env.step(action)
        assert reward == -0.5
        assert not info["valid"]
        assert observation["feedback"].startswith("No program was read")


def test_a_bug_that_a_better_tester_would_catch_escapes_a_worse_one(make):
    env = make(tester=NO_TIES)
    env.reset(seed=0)
    assert [case.expected for case in env.tests] == [2, 1]
    _, _, terminated, _, info = env.step(f"```python\n{LAST_TIE}```")
    assert (terminated, info["escaped"]) == (True, True)
    env = make(tester=ScriptedTester({"balanced_cut": [TestCase(([0, 0, 0],))]}))
    env.reset(seed=0)
    observation, *_, info = env.step(LAST_TIE)
    assert (info["escaped"], info["caught_by"]) == (False, 0)
    assert "Test 1 of 1 catches it: wrong answer" in observation["feedback"]


def test_the_testers_wrong_tests_do_not_count(make):
    tests = [TestCase(([1, 2, 3],), 1), TestCase(([5],)), TestCase(([1, 2, 3],), 2), TestCase(([9, 9],), 1)]
    env = make(tester=ScriptedTester({"balanced_cut": tests}))
    _, info = env.reset(seed=0)
    assert [case.args for case in env.tests] == [([9, 9],)], "of two tests with one input the first is judged"
    assert info == {"problem": "balanced_cut", "tests": 1, "tests_refused": 2}


def test_where_a_tester_has_no_right_test_the_examples_are_the_tests(make):
    env = make(tester=ScriptedTester({}))
    env.reset(seed=0)
    assert env.tests == list(env.problem.visible)
    *_, info = env.step("def balanced_cut(values):\n    return None\n")
    assert not info["passes_tests"]


@pytest.mark.parametrize("name", ["balanced_cut", "paired_ones", "fold_and_add"])
def test_the_embedded_testers_tests_are_right_and_the_same_for_the_same_seed(box, name):
    from random import Random

    from envs.judging import judge

    [problem] = load_suite(ids=[name])
    assert (name == "paired_ones") == bool(problem.sampler)
    cases, refused = settle(right_tests(GrammarTester(), problem, 8, Random(3)), box)
    assert (len(cases), refused) == (8, 0)
    assert settle(right_tests(GrammarTester(), problem, 8, Random(3)), box)[0] == cases
    assert settle(right_tests(GrammarTester(), problem, 8, Random(4)), box)[0] != cases

    def asking():
        return (yield [judge(problem, reference.source, cases) for reference in problem.references])

    assert all(report.all_passed for report in settle(asking(), box))


def test_a_program_that_hangs_on_hidden_cases_is_not_run_on_all_of_them(make):
    problem = replace(load_suite(ids=["balanced_cut"])[0], cpu_s=0.1)
    env = make(problems=problem, tester=NO_TIES)
    env.reset(seed=0)
    *_, info = env.step(LAST_TIE.replace("    total", "    while len(values) > 4:\n        pass\n    total", 1))
    assert info["hidden_failed"] >= 3
    assert info["hidden_judged"] < 30


def test_attempts_end_the_episode_and_one_attempt_is_a_whole_one(make):
    env = make(attempts=2)
    env.reset(seed=0)
    assert env.step("")[2:4] == (False, False)
    *_, truncated, info = env.step("")
    assert (truncated, info["ended"], info["hidden_score"]) == (True, "attempts", 0.0)
    env = make(attempts=1)
    env.reset(seed=0)
    _, _, terminated, truncated, info = env.step("")
    assert (terminated, truncated, info["ended"]) == (True, False, "missed")


def test_the_picture_shows_the_change_of_the_nearest_reference(make):
    import re

    env = make(render_mode="ansi", tester=NO_TIES)
    env.reset(seed=0)
    wrong = env.problem.references[0].source.replace("gap < best[0]", "gap <= best[0]")
    env.step(wrong)
    picture = re.sub(r"\x1b\[[\d;]*m", "", env.render())
    for piece in (
        "The fairest cut",
        "the tester's tests",
        "passes",
        "symbols from a right one",
        "gap <= best[0]",
        "It escapes",
    ):
        assert piece in picture


def test_a_problem_that_cannot_tell_right_from_wrong_is_refused(make):
    [problem] = load_suite(ids=["balanced_cut"])
    for missing in ("hidden", "references"):
        with pytest.raises(ValueError, match="leave it out"):
            make(problems=replace(problem, **{missing: ()}))


def test_a_problem_without_any_test_is_refused(make):
    """Any program would pass, if it did not raise."""
    bare = replace(load_suite(ids=["balanced_cut"])[0], visible=(), selection=())
    told = "balanced_cut has no visible case, and its tester writes no right test"
    with pytest.raises(ValueError, match=told):
        make(problems=replace(bare, grammar={}))
    env = make(problems=bare, tester=ScriptedTester({}))
    with pytest.raises(ValueError, match=told):
        env.reset(seed=0)


def test_a_tester_that_proposes_no_list_of_tests_is_told_so(make):
    env = make(tester=ScriptedTester({"balanced_cut": [([1, 2],)]}))
    with pytest.raises(ValueError, match=r"^tester: propose\(\) gave .*; give a list of TestCase or Case"):
        env.reset(seed=0)


def test_an_option_that_would_change_nothing_is_refused(make):
    with pytest.raises(ValueError, match="there is no option 'bug'"):
        make().reset(options={"bug": "balanced_cut-00000000"})


@pytest.mark.parametrize(
    ("keywords", "told"),
    [
        ({"attempt": 3}, "did you mean 'attempts'"),
        ({"rounds": 3}, "did you mean 'attempts'"),
        ({"tests": 0}, "tests: 0"),
        ({"weights": {"smal": 1}}, "did you mean 'small'"),
        ({"tester": "x"}, "tester: 'x' is no object with a method propose"),
    ],
)
def test_a_wrong_keyword_gets_a_guess(make, keywords, told):
    with pytest.raises(ValueError, match=told):
        make(**keywords)
