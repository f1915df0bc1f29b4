"""`TestGen-v0`: what a test earns, and what it must not earn."""

import json
import math
import re

import pytest

from envs.asking import settle
from envs.problems import Case, Problem, Reference, load_suite
from envs.problems.bugs import held_out
from envs.testgen.bugs import pool_of
from envs.testgen.examine import examine
from envs.testgen.rewards import FLOOR, FULL

WELL_FORMED = (FULL + 2 * FLOOR) / 3
"""What a test earns that is none but in its form."""


@pytest.mark.parametrize("name", ["balanced_cut", "fold_and_add", "thermostat_stretch"])
@pytest.mark.parametrize("answer", ["agent", "references"])
def test_the_oracle_earns_the_maximum_and_idling_no_more_than_its_form(make, name, answer):
    env = make("TestGen-v0", problems=name, answer=answer)
    for seed in range(3):
        env.reset(seed=seed)
        _, reward, terminated, truncated, info = env.step(env.oracle_action())
        assert (reward, terminated, truncated, info["ended"], info["hidden_score"]) == (
            1.0,
            True,
            False,
            "exposed",
            1.0,
        )
        env.reset(seed=seed)
        assert env.step(env.noop_action())[1] <= WELL_FORMED
        env.reset(seed=seed)
        _, reward, terminated, _, info = env.step("")
        assert (reward, terminated, info["ended"], info["hidden_score"]) == (FLOOR, True, "missed", 0.0)


def test_a_right_test_that_the_program_passes_is_paid_for_form_and_accuracy(make, written):
    env = make("TestGen-v0")
    _, info = env.reset(seed=0)
    pool = pool_of(env.problem, env.box)
    bug = next(bug for bug in pool.bugs if bug.id == info["bug"])
    args = next(args for place, args in enumerate(pool.inputs) if not bug.kills(place))
    [answer] = settle(_right(env, args), env.box)
    observation, reward, *_, info = env.step(written(env, args, answer))
    assert reward == pytest.approx(0.5)
    assert info["reward_parts"] == {"format": 1.0, "accuracy": 1.0, "attack": -0.5}
    assert (info["valid"], info["correct"], info["exposes"], info["input_exposes"]) == (True, True, False, False)
    assert "passes it" in observation["feedback"]


def test_an_invalid_test_that_every_program_fails_earns_its_form_and_no_more(make, written):
    env = make("TestGen-v0")
    env.reset(seed=0)
    for args in ([[]], [["a", None]], [[10**6, 1]], [[1, 2.5]]):  # all of them crash or mislead programs
        env.reset(seed=0)
        _, reward, *_, info = env.step(written(env, args, 1))
        assert reward == pytest.approx(WELL_FORMED)
        assert not info["valid"]
        assert not info["exposes"]
        assert info["refusal"]


def test_a_wrong_answer_is_not_paid_for_an_input_that_exposes(make, written):
    env = make("TestGen-v0")
    env.reset(seed=0)
    args = settle(env.best_input(), env.box)
    observation, reward, *_, info = env.step(written(env, args, -77))
    assert reward == pytest.approx(WELL_FORMED)
    assert (info["correct"], info["exposes"], info["input_exposes"]) == (False, False, True)
    [answer] = settle(_right(env, args), env.box)
    assert f"{answer}" not in observation["feedback"], "the right answer is not told"


def test_a_test_that_hangs_the_right_program_is_refused(box):
    hangs = "def f(n):\n    while n == 7:\n        pass\n    return n\n"
    problem = Problem(
        id="hangs", title="T", statement="S", kind="function", entry="f", family="x", difficulty=1, cpu_s=0.1,
        references=(Reference("a", hangs), Reference("b", "def f(n):\n    return n\n")), grammar={"n": "int(0, 9)"},
    )  # fmt: skip
    wrong = "def f(n):\n    return n + 1\n"
    seen = settle(examine(problem, wrong, "assert f(7) == 7"), box)
    assert not seen.correct
    assert not seen.exposes
    assert "right program does not answer" in seen.refusal
    assert settle(examine(problem, wrong, "assert f(6) == 6"), box).attacks


def test_where_right_programs_disagree_there_is_no_right_answer(box):
    problem = Problem(
        id="split", title="T", statement="S", kind="function", entry="f", family="x", difficulty=1,
        references=(Reference("a", "def f(n):\n    return n\n"), Reference("b", "def f(n):\n    return abs(n)\n")),
        visible=(Case((1,), 1),), unproved=("grammar",),
    )  # fmt: skip
    for answer in (-3, 3):
        assert (
            "do not agree" in settle(examine(problem, "def f(n):\n    pass", f"assert f(-3) == {answer}"), box).refusal
        )


ENDS = (" \n", "\r\n", "\x0c\n", "\x0b\x1c\n", "\x85\n")
"""Ends of lines that no program minds, some of which `str.splitlines` takes for two."""


def test_a_test_of_a_script_that_differs_in_white_space_at_the_end_of_lines_is_no_new_one(make):
    env = make("TestGen-v0", tests=9, problems="two_cranes")
    env.reset(seed=1)
    [case, *_] = env.unwrapped.problem.visible
    text, paid = case.args[0], []
    for given in (text, text, text + "\n", text + "\x0c", *(text.replace("\n", end) for end in ENDS)):
        _, _, terminated, _, info = env.step(json.dumps({"input": given, "output": case.expected}))
        paid.append(info["correct"])
        if terminated:
            break
    assert paid == [True] + [False] * 8


def test_several_tests_are_paid_for_bugs_that_no_earlier_one_exposed(make):
    env = make("TestGen-v0", tests=4, problems="thermostat_stretch")
    env.reset(seed=1)
    total = env.total
    assert total > 10
    best = env.best_reward
    action = env.oracle_action()
    _, reward, terminated, truncated, info = env.step(action)
    newly = info["newly_exposed"]
    assert reward == pytest.approx(best)
    assert info["reward_parts"]["attack"] == pytest.approx(newly / total)
    observation, reward, *_, info = env.step(action)  # once more
    assert (info["newly_exposed"], info["correct"]) == (0, False)
    assert reward == pytest.approx(WELL_FORMED)
    assert "given before" in observation["feedback"]
    env.step("")
    _, _, terminated, truncated, info = env.step("")
    assert (terminated, truncated, info["ended"]) == (False, True, "tests")
    assert info["hidden_score"] == pytest.approx(newly / total)


def test_exposing_the_last_bug_ends_the_episode_and_pays_for_the_tests_not_needed(make):
    env = make("TestGen-v0", tests=3)
    env.reset(seed=0)
    env.alive = env.alive[:1]
    _, reward, terminated, _, info = env.step(env.oracle_action())
    assert (reward, terminated, info["ended"]) == (3.0, True, "killed")
    with pytest.raises(ValueError, match="no bug of the episode is left"):
        env.oracle_action()


def test_the_program_shown_is_always_one_that_no_test_has_exposed(make):
    env = make("TestGen-v0", tests=5, problems="thermostat_stretch")
    observation, _ = env.reset(seed=3)
    for _ in range(3):
        before = observation["code"]
        observation, *_, info = env.step(env.oracle_action())
        assert info["exposes"]
        assert observation["code"] != before
        assert observation["tests"].count("assert") == observation["attempt"]


@pytest.mark.parametrize("share", ["learn", "held_out"])
def test_tiers_kinds_and_shares_choose_the_bugs(make, share):
    env = make("TestGen-v0", tiers=["hard", "extreme"], bugs="generated", share=share, problems="suite")
    for seed in range(4):
        _, info = env.reset(seed=seed)
        bug = next(bug for bug in pool_of(env.problem, env.box).bugs if bug.id == info["bug"])
        assert info["tier"] in ("hard", "extreme")
        assert "human" not in bug.operators
        assert held_out(bug) == (share == "held_out")
    env = make("TestGen-v0", bugs="human")
    _, info = env.reset(seed=0)
    assert "human" in next(bug for bug in pool_of(env.problem, env.box).bugs if bug.id == info["bug"]).operators


def test_a_reset_may_name_the_bug(make):
    env = make("TestGen-v0", problems="suite", tiers="easy")
    bug = pool_of(load_suite(ids=["thermostat_stretch"])[0], env.box).bugs[-1]
    _, info = env.reset(seed=0, options={"bug": bug.id})
    assert (info["problem"], info["bug"], info["tier"]) == ("thermostat_stretch", bug.id, bug.tier)
    with pytest.raises(ValueError, match=f"did you mean {bug.id!r}"):
        env.reset(options={"bug": bug.id[:-1] + "x"})
    with pytest.raises(ValueError, match="no bug 'zz' here; see: python -m envs.problems bugs ID"):
        env.reset(options={"bug": "zz"})


@pytest.mark.parametrize(
    ("keywords", "told"),
    [
        ({"tier": "easy"}, "did you mean 'tiers'"),
        ({"tiers": "eazy"}, "did you mean 'easy'"),
        ({"bugs": "humans"}, "did you mean 'human'"),
        ({"share": "heldout"}, "did you mean 'held_out'"),
        ({"answer": "reference"}, "did you mean 'references'"),
        ({"tests": 0}, "tests: 0 is not a whole number"),
        ({"problems": "balanced_cat"}, "did you mean 'balanced_cut'"),
        ({"weights": {"formt": 1}}, "did you mean 'format'"),
        ({"weights": [1, 2]}, "is no dictionary"),
    ],
)
def test_a_wrong_keyword_gets_a_guess(make, keywords, told):
    with pytest.raises(ValueError, match=told):
        make("TestGen-v0", **keywords)


def test_an_action_that_is_no_text_is_the_callers_fault(make):
    env = make("TestGen-v0")
    env.reset(seed=0)
    with pytest.raises(ValueError, match="not a text"):
        env.step(3)


def test_rewards_are_finite_and_infos_hold_no_clock(make):
    env = make("TestGen-v0")
    _, info = env.reset(seed=0)
    _, reward, *_, more = env.step(env.oracle_action())
    assert math.isfinite(reward)
    assert not any("_s" in name and "exposes" not in name for name in {**info, **more} if name != "hidden_score")


def test_the_picture_shows_program_tests_and_verdicts(make):
    env = make("TestGen-v0", render_mode="ansi", tests=2)
    env.reset(seed=0)
    env.step(env.oracle_action())
    env.step("[bold]no markup[/bold]")
    picture = re.sub(r"\x1b\[[\d;]*m", "", env.render())
    for piece in ("The fairest cut", "def balanced_cut", "The test is right", "No test was", "0 of 2 tests left"):
        assert piece in picture


def _right(env, args):
    from envs.judging import right_answers

    found = yield from right_answers(env.problem, [args])
    return [right.value for right in found]
