"""`Repair-v0`: what an agent sees, what its answers lead to, and what does not pay."""

import difflib
import math
import random
import re
from dataclasses import replace

import pytest

from envs import text
from envs.judging import own_inputs
from envs.problems import Case, load_suite
from envs.problems.bugs import held_out
from envs.problems.plain import key
from envs.repair.rewards import REWARDS
from envs.testgen.bugs import pool_of
from sandbox import Judgement, Outcome, Report, Verdict


def begun(env, program, **options):
    return env.reset(seed=0, options={"program": program, **options})


def diff(before, after):
    return "".join(difflib.unified_diff(before.splitlines(True), after.splitlines(True), "old", "new"))


def test_a_right_program_earns_the_maximum_and_ends_the_episode(make, programs):
    for reward in REWARDS:
        env = make(reward=reward)
        begun(env, programs.starts_at_zero)
        _, paid, terminated, truncated, info = env.step(programs.right)
        assert (paid, terminated, truncated, info["ended"]) == (1.0, True, False, "solved")
        assert (info["hidden_score"], info["solved"], info["attempts"], info["best_attempt"]) == (1.0, True, 1, 1)
        assert info["program"] == programs.right


@pytest.mark.parametrize("form", ["```python\n{}```", "Here it is.\n```\n{}```\nGood luck!", "<think>no</think>{}"])
def test_a_program_may_come_in_a_fence_or_bare(make, programs, form):
    env = make()
    begun(env, programs.starts_at_zero)
    assert env.step(form.format(programs.right))[1] == 1.0


def test_a_unified_diff_changes_the_code_that_is_shown(make, programs):
    env = make()
    observation, _ = begun(env, programs.starts_at_zero)
    assert observation["code"] == programs.starts_at_zero
    assert env.step(diff(programs.starts_at_zero, programs.right))[1] == 1.0


def test_a_diff_that_does_not_fit_is_an_attempt_and_the_feedback_says_why(make, programs):
    env = make()
    begun(env, programs.starts_at_zero)
    observation, reward, terminated, _, info = env.step("```diff\n@@ -1,2 +1,2 @@\n-nowhere\n+here\n```")
    assert (reward, terminated, info["attempts"]) == (0.0, False, 1)
    assert "nowhere" in observation["feedback"]
    assert observation["code"] == programs.starts_at_zero
    assert "not a program" in observation["history"]


@pytest.mark.parametrize(
    "answer", ["", "I do not know.", "def top(:", "def other(nums):\n    return 1\n", "\0", "\ud800"]
)
def test_an_answer_that_is_no_program_passes_nothing(make, programs, answer):
    env = make(reward="delta")
    begun(env, programs.starts_at_zero)
    _, reward, terminated, _, info = env.step(answer)
    assert (reward, terminated) == (-0.1, False)
    assert info["reward_parts"]["solved"] == info["reward_parts"]["pass_rate"] == 0


def test_feedback_is_about_visible_cases_alone(make, programs, highest):
    env = make()
    observation, _ = begun(env, programs.starts_at_zero)
    told = " ".join(str(value) for value in observation.values())
    assert "assert top([-5, -3]) == -3" in observation["tests"]
    assert "2 of 3 tests passed" in observation["feedback"]
    assert "top([-5, -3])" in observation["feedback"]
    for case in (*highest.selection, *highest.hidden):
        assert str(case.args[0]) not in told


def test_the_untouched_bug_earns_the_floor(make, programs):
    for reward in REWARDS:
        env = make(reward=reward)
        begun(env, programs.starts_at_zero)
        assert env.step(env.noop_action())[1] <= 0
        assert env.step(programs.looks_up)[1] <= 0.5


def test_the_best_attempt_is_that_of_the_selection_split(make, programs):
    """The table passes more visible tests and less of the selection."""
    env = make(max_attempts=2)
    begun(env, programs.starts_at_zero)
    observation, *_, info = env.step(programs.looks_up)
    assert observation["code"] == programs.starts_at_zero
    assert "not better than the best so far" in observation["feedback"]
    _, _, terminated, truncated, info = env.step(programs.looks_up)
    assert (terminated, truncated, info["ended"], info["best_attempt"]) == (False, True, "attempts", 0)


def test_hidden_score_tells_of_special_cases(make, programs, highest):
    """A program that knows the visible and the selection cases by heart ends as solved; the hidden score is 0."""
    table = {tuple(case.args[0]): case.expected for case in (*highest.visible, *highest.selection)}
    env = make()
    begun(env, programs.starts_at_zero)
    *_, info = env.step(f"def top(nums):\n    return {table}[tuple(nums)]\n")
    assert (info["ended"], info["solved"], info["hidden_score"]) == ("solved", False, 0.0)


def test_knowing_the_visible_cases_by_heart_solves_nothing(make, programs):
    env = make()
    begun(env, programs.starts_at_zero)
    observation, reward, terminated, *_ = env.step(programs.looks_up)
    assert (reward, terminated) == (0.0, False)
    assert "3 of 3 tests passed" in observation["feedback"]
    assert "it fails on other inputs" in observation["feedback"]


@pytest.mark.parametrize(
    "word", ["surrender", " Surrender\n", "<think>Too hard.</think>`surrender`.", "<answer>surrender</answer>"]
)
def test_surrender_ends_the_episode_with_the_best_so_far(make, programs, word):
    env = make()
    begun(env, programs.starts_at_zero)
    env.step(programs.forgets_last)
    _, reward, terminated, truncated, info = env.step(word)
    assert (reward, terminated, truncated, info["ended"], info["attempts"]) == (0.0, True, False, "surrendered", 1)
    assert 0 < info["hidden_score"] < 1


def test_spent_attempts_truncate(make, programs):
    env = make(max_attempts=3)
    observation, _ = begun(env, programs.starts_at_zero)
    budgets = [int(observation["budget"])]
    for _ in range(3):
        observation, _, terminated, truncated, info = env.step("no")
        budgets.append(int(observation["budget"]))
    assert (terminated, truncated, info["ended"], budgets) == (False, True, "attempts", [3, 2, 1, 0])
    with pytest.raises(ValueError, match="the episode is over"):
        env.step("no")


def test_an_endless_program_costs_one_case_of_time_and_passes_nothing(make, programs):
    env = make()
    begun(env, programs.starts_at_zero)
    observation, reward, *_ = env.step(programs.endless)
    verdicts = env.course.last.report.verdicts
    assert (reward, set(verdicts)) == (0.0, {"timeout"})
    assert [each.outcome.error[:7] == "not run" for each in env.course.last.report.judgements] == [False, True, True]
    assert "did not end in time" in observation["feedback"]


def test_drawn_bugs_fail_a_shown_test(make, highest):
    env = make()
    found = set()
    for seed in range(8):
        observation, info = env.reset(seed=seed)
        found.add(info["bug"])
        assert re.match("[012] of 3 tests passed", observation["feedback"])
    assert len(found) == len(highest.wrong)


def test_a_bug_of_the_suite_is_named_by_its_id_alone(make):
    env = make(problems="suite")
    _, info = env.reset(seed=0, options={"problem": "parking_garage_fee"})
    name = info["bug"]
    _, info = env.reset(seed=5, options={"bug": name})
    assert (info["problem"], info["bug"]) == ("parking_garage_fee", name)
    with pytest.raises(ValueError, match=f"did you mean '{name}'"):
        env.reset(options={"bug": name[:-1] + "x"})
    for wrong, told in {"zz": "ID", name[1:]: "parking_garage_fee"}.items():
        with pytest.raises(ValueError, match=f"no bug '{wrong}' here; see: python -m envs.problems bugs {told}$"):
            env.reset(options={"bug": wrong})
    assert env.reset(seed=0, options={"problem": "parking_garage_fee", "bug": None})[1]["bug"] == name


def test_bugs_tiers_and_share_choose_what_is_drawn(make, box):
    env = make(problems="parking_garage_fee", bugs="human")
    assert env.reset(seed=0)[1]["bug"]
    env = make(problems="parking_garage_fee", bugs="generated", tiers="hard")
    assert env.reset(seed=0)[1]["tier"] == "hard"
    env = make(problems="parking_garage_fee", share="held_out")
    kept_out = {bug.id for bug in pool_of(env.problem, box).bugs if held_out(bug)}
    assert {env.reset(seed=seed)[1]["bug"] for seed in range(4)} <= kept_out
    with pytest.raises(ValueError, match="allow other bugs or tiers"):
        make(bugs="generated").reset(seed=0)


def test_given_tests_are_shown_instead_of_the_visible_cases(make, highest, programs):
    tests = {highest.id: [(text.TestCase(([8, 9],), 9), 0.5), Case(([-2],), -2)]}
    env = make(feedback="tests", tests=tests)
    observation, _ = begun(env, programs.starts_at_zero)
    assert observation["tests"] == "assert top([8, 9]) == 9\nassert top([-2]) == -2"
    assert "1 of 2 tests passed" in observation["feedback"]
    assert env.course.shown.weights == (0.5, 1.0)
    observation, _ = begun(env, programs.starts_at_zero, tests=[Case(([1],), 1)])
    assert observation["tests"] == "assert top([1]) == 1"


def test_drawn_tests_come_from_the_grammar_and_the_references(make):
    env = make(problems="parking_garage_fee", feedback="tests", tests=8)
    observation, _ = env.reset(seed=1)
    lines = observation["tests"].splitlines()
    again = env.reset(seed=1)[0]["tests"]
    assert len(lines) == len(set(lines)) == 8
    assert again == observation["tests"]
    assert env.step(env.oracle_action())[1] == 1.0


@pytest.mark.parametrize("seed", [0, 1])
def test_drawn_tests_are_none_of_the_problems_own_cases(make, seed):
    env = make(problems="bracelets", feedback="tests", tests=12)
    env.reset(seed=seed)
    assert {key(case.args) for case in env.unwrapped.course.shown.cases} & own_inputs(
        env.unwrapped.course.problem
    ) == set()
    assert env.unwrapped.course.shown.cases


def test_several_seeds_of_drawn_tests_give_several_sets(make):
    env = make(problems="parking_garage_fee", feedback="tests", tests=5)
    assert len({env.reset(seed=seed)[0]["tests"] for seed in range(3)}) == 3


@pytest.mark.parametrize(
    ("keywords", "told"),
    [
        ({"reward": "delat"}, "did you mean 'delta'"),
        ({"rewrad": "delta"}, "did you mean 'reward'"),
        ({"feedback": "visable"}, "did you mean 'visible'"),
        ({"bugs": "generate"}, "did you mean 'generated'"),
        ({"tiers": ["hrad"]}, "did you mean 'hard'"),
        ({"max_attempts": 0}, "whole number from 1 to 1000"),
        ({"tests": 4}, "say feedback='tests'"),
        ({"feedback": "tests", "tests": 0}, "tests: 0 is not a whole number from 1 to 1000"),
        ({"feedback": "tests", "tests": 10**6}, "tests: 1000000 is not a whole number from 1 to 1000"),
        ({"feedback": "tests", "tests": "x"}, "how many to draw"),
        ({"reward": ["solved"]}, r"reward: \['solved'\]; did you mean 'solved'"),
        ({"tiers": 5}, "tiers: 5; give a tier or several"),
        ({"tiers": []}, r"tiers: \[\]; give a tier or several"),
        ({"problems": "tain"}, "did you mean 'train'"),
    ],
)
def test_a_wrong_keyword_gets_a_sentence_with_a_guess(make, keywords, told):
    with pytest.raises(ValueError, match=told):
        make(**keywords)


def test_tests_that_are_none_are_refused(make, programs):
    env = make(feedback="tests", tests={})
    with pytest.raises(ValueError, match="there are none for highest"):
        begun(env, programs.right)
    with pytest.raises(ValueError, match="test 0 is 'top'"):
        begun(env, programs.right, tests=["top"])
    with pytest.raises(ValueError, match="tests: 5 is no list"):
        begun(env, programs.right, tests=5)
    with pytest.raises(ValueError, match="confidence 7"):
        begun(env, programs.right, tests=[(Case(([1],), 1), 7)])


def test_naming_the_only_problem_changes_nothing_else(make):
    env = make(problems="balanced_cut")
    told = [env.reset(seed=1, options={"problem": name})[1] for name in (None, "balanced_cut")]
    assert told[0] == told[1] == env.reset(seed=1)[1]


def test_a_wrong_option_gets_a_guess(make):
    with pytest.raises(ValueError, match="did you mean 'bug'"):
        make().reset(options={"bugg": "x"})


def test_the_observation_fits_its_space_through_a_whole_episode(make, programs):
    env = make(max_attempts=4)
    seen = [begun(env, programs.starts_at_zero)[0]]
    seen += [env.step(action)[0] for action in ("no", programs.looks_up, programs.forgets_last, programs.endless)]
    assert all(each in env.observation_space for each in seen)
    assert [int(each["attempt"]) for each in seen] == [0, 1, 2, 3, 4]
    assert {each["task"] for each in seen} == {"repair"}
    assert text.messages(seen[-1])[1]["content"].count("def top") >= 1


def test_a_picture_shows_problem_change_tests_and_verdicts(make, programs):
    env = make(render_mode="ansi")
    begun(env, programs.starts_at_zero)
    assert "the broken program" in env.render()
    env.step(programs.looks_up)
    assert "attempt 1" in env.render()
    env.step(programs.right)
    shown = env.render()
    assert "The highest" in shown
    assert "✓ pass" in shown
    assert "best = nums" in shown


def test_a_solution_is_right_on_every_kind_of_problem(make):
    """Functions, scripts, and problems with several right answers."""
    chosen = [problem.id for problem in load_suite("test")][::7]
    env = make(problems=chosen)
    for name in chosen:
        env.reset(seed=3, options={"problem": name})
        _, reward, *_, info = env.step(env.oracle_action())
        assert (reward, info["hidden_score"]) == (1.0, 1.0), name


def test_ten_thousand_strings_are_survived(make, programs):
    """All but a few are no programs, and never reach the sandbox."""
    rng = random.Random(4)
    pieces = [
        *programs.right.splitlines(True),
        "```python\n",
        "```",
        "@@ -1 +1 @@\n",
        "-",
        "+",
        "<answer>",
        "\0",
        "é",
        "(",
        "'" * 3,
    ]
    env = make(max_attempts=1000)
    begun(env, programs.starts_at_zero)
    for _ in range(10_000):
        action = "".join(rng.choice(pieces) for _ in range(rng.randrange(7)))
        _, reward, terminated, truncated, _ = env.step(action)
        assert math.isfinite(reward)
        if terminated or truncated:
            begun(env, programs.starts_at_zero)


@pytest.mark.parametrize("options", [{}, {"problem": "steady_stretch"}])
def test_where_no_bug_of_the_kind_fails_a_shown_test_one_that_it_fails_is_shown_as_well(make, options):
    env = make(problems=["balanced_cut", "steady_stretch"], tiers="extreme", bugs="generated")
    for seed in range(4):
        observation, _ = env.reset(seed=seed, options=options)
        assert "0 of " not in observation["feedback"]
        assert " tests passed" in observation["feedback"]
        known = {str(case.args) for case in (*env.unwrapped.problem.selection, *env.unwrapped.problem.hidden)}
        assert known.isdisjoint(str(case.args) for case in env.unwrapped.course.shown.cases)
        _, reward, terminated, _, _ = env.step(env.unwrapped.noop_action())
        assert (reward, terminated) == (0.0, False), "the untouched bug earns the floor"
    env.reset(seed=0, options=options)
    assert env.step(env.unwrapped.oracle_action())[1] == 1.0


def test_a_picture_shows_an_answer_that_the_program_wrote_past_the_sandbox(make, programs):
    env = make(render_mode="ansi")
    begun(env, programs.starts_at_zero)
    junk = Judgement(Verdict.WRONG, Outcome(None, answer=b"\xffjunk"))
    env.course.best = replace(env.course.best, report=Report((junk,) * 3, 3))
    assert "no plain data" in env.render()


def test_the_callers_own_tests_are_shown_as_they_are(make, programs):
    env = make()
    observation, _ = begun(env, programs.starts_at_zero, tests=[Case(([4],), 4)])
    assert observation["tests"].count("assert") == 1
