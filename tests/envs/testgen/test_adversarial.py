"""`TestGen-Adversarial-v0`: the game, its modes, and who may answer."""

import json
from dataclasses import replace
from random import Random

import gymnasium
import pytest

from envs.asking import settle
from envs.judging import judge
from envs.problems import load_suite
from envs.testgen.adversary import Scene, ScriptedAdversary, answer
from envs.testgen.bugs import pool_of
from envs.testgen.opponents import Opponent, OpponentPool

ID = "TestGen-Adversarial-v0"
GIVES_ONE = "def balanced_cut(values):\n    return 1\n"
"""Right whenever the answer is 1."""


def passes(env, source, cases):
    def asking():
        return (yield [judge(env.problem, source, cases)])

    return settle(asking(), env.box)[0].all_passed


def test_every_answer_passes_all_tests_so_far_and_is_wrong(make):
    env = make(ID, rounds=6, problems="thermostat_stretch")
    env.reset(seed=0)
    known = {bug.source for bug in pool_of(env.problem, env.box).bugs}
    for _ in range(6):
        _, reward, _, _, info = env.step(env.oracle_action())
        assert reward == pytest.approx(1.0)
        assert info["answered_by"] == env.faced[-1].id
        assert env.code in known, "each of the generator's bugs has an input that exposes it"
        assert passes(env, env.code, env.cases)
    assert len({each.source for each in env.faced}) == 7, "nobody is met twice"
    assert (info["ended"], info["hidden_score"]) == ("rounds", 1.0)


def test_tests_with_inputs_that_the_kill_matrix_does_not_know_bind_the_adversary_too(make, written):
    env = make(ID, rounds=4)
    env.reset(seed=0)
    args = ([-20, 40, -20, 40, -20, 40, -20, 40, -20, 39, 17],)
    assert args not in pool_of(env.problem, env.box).inputs
    answer = _answer(env, args)
    for _ in range(3):
        env.step(written(env, args, answer) if not env.cases else env.oracle_action())
        assert len(env.faced) == 1 or passes(env, env.code, env.cases)
    assert len(env.faced) > 1


@pytest.mark.parametrize(
    ("keywords", "earned"),
    [
        ({}, [1, 4]),
        ({"mode": "static"}, [5]),
        ({"rounds": 1, "pool": True}, [1]),
        ({"bugs": "human", "rounds": 3}, [1, 2]),
    ],
)
def test_the_best_reward_counts_the_rounds_that_the_oracle_spares(make, keywords, earned):
    env = make(ID, problems="house_numbers_without", **keywords)
    env.reset(seed=1)
    for reward in earned:
        assert env.best_reward == env.best_reward == pytest.approx(reward)
        _, got, terminated, truncated, _ = env.step(env.oracle_action())
        assert got == pytest.approx(reward)
    assert terminated or truncated


def test_a_test_that_exposes_nothing_is_not_answered(make):
    env = make(ID)
    observation, _ = env.reset(seed=0)
    after, _, terminated, truncated, info = env.step("nonsense")
    assert (terminated, truncated, info["answered_by"], info["tries"]) == (False, False, "", 0)
    assert after["code"] == observation["code"]
    assert (after["round"], after["budget"]) == (1, 4)


def test_an_unconditional_adversary_answers_whatever_the_test(make):
    env = make(ID, mode="unconditional")
    observation, _ = env.reset(seed=0)
    after, *_, info = env.step("nonsense")
    assert info["answered_by"]
    assert after["code"] != observation["code"]


def test_a_static_game_ends_with_the_first_exposure_and_pays_for_the_rest(make):
    env = make(ID, mode="static", rounds=3)
    env.reset(seed=0)
    env.step("nonsense")
    _, reward, terminated, _, info = env.step(env.oracle_action())
    assert (reward, terminated, info["ended"]) == (2.0, True, "exposed")
    assert info["hidden_score"] == pytest.approx(2 / 3)


def test_an_adversary_without_an_answer_has_lost(make):
    env = make(ID, adversary=ScriptedAdversary({}), rounds=4)
    env.reset(seed=0)
    observation, reward, terminated, _, info = env.step(env.oracle_action())
    assert (reward, terminated, info["ended"], info["hidden_score"]) == (4.0, True, "won", 1.0)
    assert "you have won" in observation["feedback"]


@pytest.mark.parametrize("given", [GIVES_ONE, None, [1]])
def test_an_adversary_that_proposes_no_list_of_programs_is_told_so(make, given):
    class Odd:
        def propose(self, scene, count, rng):
            return given

    env = make(ID, adversary=Odd(), mode="unconditional")
    env.reset(seed=0)
    with pytest.raises(ValueError, match=r"^adversary: propose\(\) gave .*; give a list of str"):
        env.step("nonsense")


def test_finishing_early_earns_no_less_than_dragging_the_game_out(make):
    earned = {}
    for patience in (0, 2):
        env = make(ID, adversary=ScriptedAdversary({}), rounds=4)
        env.reset(seed=0)
        rewards = [env.step("nonsense")[1] for _ in range(patience)]
        earned[patience] = sum(rewards) + env.step(env.oracle_action())[1]
    assert earned[0] > earned[2]


def test_a_program_from_elsewhere_is_taken_only_if_it_survives_the_tests_and_is_wrong(make, written):
    problem = replace(load_suite(ids=["balanced_cut"])[0], cpu_s=0.2)
    right = problem.references[0].source
    broken = "def balanced_cut(values:\n"
    hangs = "def balanced_cut(values):\n    while True:\n        pass\n"
    script = {"balanced_cut": [broken, right, hangs, GIVES_ONE]}
    env = make(ID, adversary=ScriptedAdversary(script), rounds=3, problems=problem)
    env.reset(seed=0)
    for args in env.problem.hidden:
        if args.expected == 1:
            _, _, terminated, _, info = env.step(written(env, args.args, 1))
            if info["exposes"]:
                break
            env.reset(seed=0)
    assert info["exposes"]
    assert not terminated
    assert (info["tries"], env.code) == (4, GIVES_ONE)
    assert env.tier == ""
    *_, info = env.step(env.oracle_action())  # from a hidden case: the generator does not know the program
    assert info["exposes"]


def test_where_a_data_set_has_no_cases_the_inputs_of_its_bugs_tell_wrong_programs(box):
    problem = load_suite(ids=["balanced_cut"])[0]
    bare = replace(problem, hidden=(), unproved=("references", "grammar", "cases"))
    pool = pool_of(problem, box)
    right = problem.references[0].source
    for programs, found in (([GIVES_ONE], GIVES_ONE), ([right], None)):
        scene = Scene(bare, [], pool.bugs[0].source, pool, pool.bugs)
        chosen, tries = settle(answer(ScriptedAdversary({bare.id: programs}), scene, 30, Random(0)), box)
        assert (chosen.source if chosen else None, tries) == (found, 1)


def test_where_a_data_set_has_no_cases_the_tests_of_earlier_episodes_tell_wrong_programs(make, written):
    problem = load_suite(ids=["balanced_cut"])[0]
    bare = replace(problem, hidden=problem.hidden[:1], unproved=("references", "cases"))
    secret = (35, -3, 32)
    right = problem.references[0].source.replace("def balanced_cut", "def right")
    odd = f"{right}\ndef balanced_cut(values):\n    return 0 if values == {[*secret]} else right(values)\n"
    env = make(
        ID, problems=bare, rounds=1, mode="unconditional", pool=True, adversary=ScriptedAdversary({bare.id: [odd]})
    )

    def played(args, expected):
        env.reset(seed=0)
        *_, info = env.step(written(env, [[*args]], expected))
        assert info["correct"]
        return info["answered_by"]

    assert played([1, 1], 1) == ""  # nobody knows an input that the odd program gets wrong
    assert played(secret, 2) == ""  # now somebody does, but the program fails this episode's test
    kept = OpponentPool()
    kept.restore(json.loads(json.dumps(env.opponents.state())))
    assert kept.inputs == {bare.id: [([1, 1],), ([*secret],)]}
    assert played([2, 2], 1) != ""
    assert env.opponents.past[bare.id][-1].source == odd


def test_no_more_programs_are_tried_than_allowed(make):
    bad = [f"def balanced_cut(values):\n    return -{number}\n" for number in range(50)]
    env = make(ID, adversary=ScriptedAdversary({"balanced_cut": bad}), max_retries=7)
    env.reset(seed=0)
    *_, info = env.step(env.oracle_action())
    assert (info["tries"], info["ended"]) == (7, "won")


def test_with_no_test_yet_a_program_that_passes_no_example_is_no_answer(make):
    script = ScriptedAdversary({"balanced_cut": ["def balanced_cut(values):\n    return None\n", GIVES_ONE]})
    env = make(ID, adversary=script, mode="unconditional")
    env.reset(seed=0)
    *_, info = env.step("nonsense")
    assert (env.code, info["tries"]) == (GIVES_ONE, 2)


def test_with_a_pool_and_one_round_the_answer_waits_in_the_seat(make):
    env = make(ID, rounds=1, pool=True, problems="thermostat_stretch")
    bug = pool_of(env.problems[0], env.box).bugs[0].id
    seat = None
    for seed in range(50):
        env.reset(seed=seed)
        seat = env.seat if seat is None else seat
        if env.seat == seat:
            before = env.bug
            _, reward, terminated, _, info = env.step(env.oracle_action())
            assert (reward, terminated, info["bug"]) == (1.0, True, before)
            env.reset(seed=seed)
            assert env.seat == seat
            assert env.bug == info["answered_by"] != before
    assert env.reset(options={"bug": bug})[1]["bug"] == bug, "a bug asked for is faced itself"


def test_a_bug_that_is_none_is_not_asked_for(make):
    pool = OpponentPool(past={"balanced_cut": [Opponent("balanced_cut-00000000", GIVES_ONE)]})
    env = make(ID, mode="archive", pool=pool)
    drawn = [[env.reset(seed=seed, options=each)[1]["bug"] for seed in range(6)] for each in (None, {"bug": None})]
    assert drawn[0] == drawn[1]
    assert "balanced_cut-00000000" in drawn[0]


def test_a_specification_with_a_pool_survives_json(make):
    env = make(ID, pool=OpponentPool(steps=3))
    env.spec.kwargs["sandbox"] = "auto"
    again = gymnasium.make(gymnasium.envs.registration.EnvSpec.from_json(env.spec.to_json()))
    assert again.unwrapped.opponents.steps == 3


def test_before_its_first_step_the_adversary_sleeps(make):
    env = make(ID, rounds=1, pool=True, start_adversary_step=2)
    ends = []
    for _ in range(4):
        env.reset(seed=0)
        *_, info = env.step(env.oracle_action())
        ends.append((info["ended"], bool(info["answered_by"])))
    assert ends == [("exposed", False), ("exposed", False), ("exposed", True), ("exposed", True)]


def test_without_a_pool_nothing_is_carried_over(make):
    env = make(ID, rounds=2)
    first, _ = env.reset(seed=5)
    env.step(env.oracle_action())
    assert env.reset(seed=5)[0] == first


@pytest.mark.parametrize(
    ("keywords", "told"),
    [
        ({"mode": "adaptiv"}, "did you mean 'adaptive'"),
        ({"mode": "archive"}, "so there must be a pool"),
        ({"mode": "learnability"}, "so there must be a pool"),
        ({"rounds": 1}, "so there must be a pool"),
        ({"start_adversary_step": 5}, "so there must be a pool"),
        ({"pool": "yes"}, "is not an OpponentPool"),
        ({"max_retries": 0}, "max_retries: 0"),
        ({"start_adversary_step": "x"}, "start_adversary_step: 'x'"),
        ({"adversary": "x"}, "adversary: 'x' is no object with a method propose"),
        ({"round": 3}, "did you mean 'rounds'"),
        ({"tests": 3}, "did you mean 'rounds'"),
    ],
)
def test_a_setting_that_cannot_mean_anything_is_refused(make, keywords, told):
    with pytest.raises(ValueError, match=told):
        make(ID, **keywords)


def test_a_resumed_environment_goes_on_as_if_nothing_had_happened(make):
    def play(env, episodes):
        found = []
        for _ in range(episodes):
            _, info = env.reset()
            found.append((info["bug"], env.step(env.oracle_action())[4]["answered_by"]))
        return found

    env = make(ID, rounds=1, pool=True, mode="archive", problems="thermostat_stretch")
    env.reset(seed=3)
    play(env, 3)
    state = env.state()
    expected = play(env, 4)
    again = make(ID, rounds=1, pool=OpponentPool(), mode="archive", problems="thermostat_stretch")
    again.reset(seed=99)
    again.restore(state)
    assert play(again, 4) == expected


def _answer(env, args):
    from envs.judging import right_answers

    [right] = settle(right_answers(env.problem, [args]), env.box)
    return right.value
