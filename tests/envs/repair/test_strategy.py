"""`Repair-Strategy-v0`: numbers in, a strategy out, carried out by a repairer."""

import gymnasium
import numpy as np
import pytest

from envs.asking import settle
from envs.problems import Case
from envs.repair import features
from envs.repair.patience import judged
from envs.repair.scripted import ScriptedRepairer
from envs.repairer.strategies import STRATEGIES
from sandbox import Judgement, Outcome, Report, Verdict

EDGE = STRATEGIES.index("edge_case_check")
TYPES = STRATEGIES.index("type_and_conversion")


@pytest.fixture
def scripted(programs):
    """Puts everything right by one strategy, a little by another."""
    return ScriptedRepairer(
        {"edge_case_check": [programs.forgets_last, programs.right], "type_and_conversion": [programs.looks_up]}
    )


@pytest.fixture
def env(make, scripted, programs):
    made = make("Repair-Strategy-v0", repairer=scripted)
    made.reset(seed=0, options={"program": programs.starts_at_zero})
    return made


def test_the_strategy_that_helps_is_paid_and_the_hidden_score_is_told(env):
    _, reward, terminated, truncated, info = env.step(EDGE)
    assert (reward, terminated, truncated, info["ended"]) == (1.0, True, False, "solved")
    assert (info["hidden_score"], info["solved"], info["attempts"]) == (1.0, True, 1)
    assert (info["strategy"], info["tried"]) == ("edge_case_check", 2)


def test_a_strategy_that_changes_nothing_is_not_paid(env):
    observation, reward, terminated, *_, info = env.step(0)
    assert (reward, terminated, info["tried"], info["strategy"]) == (0.0, False, 0, "default")
    assert observation["last_reward"] == [0.0]


def test_an_overfitted_repair_is_not_kept(env, programs):
    """It passes all visible tests and less of the selection than the program as it was."""
    _, reward, terminated, *_ = env.step(TYPES)
    assert (reward, terminated) == (-0.1, False)
    assert env.course.best.source == programs.starts_at_zero


def test_observations_are_members_of_a_space_of_numbers_that_keeps_its_names(env):
    space = env.observation_space
    assert set(space) == set(features.FEATURES)
    assert env.action_space == gymnasium.spaces.Discrete(10)
    for action in (0, TYPES, EDGE):
        observation, *_ = env.step(action)
        assert observation in space
        assert all(value.dtype == np.float32 for name, value in observation.items() if name != "error")


def test_observations_say_what_was_used_and_what_is_left(env):
    for action in (0, 0, TYPES):
        observation, *_ = env.step(action)
    assert observation["attempts_used"] == pytest.approx([0.3])
    assert observation["tried"][[0, TYPES]] == pytest.approx([2 / 3, 1 / 3])
    assert observation["tried"].sum() == pytest.approx(1)


def test_observations_say_how_the_shown_tests_end(env, make, scripted, programs):
    observation = env.observation()
    shares = dict(zip(Verdict, observation["verdicts"].tolist(), strict=True))
    assert shares[Verdict.PASS] == pytest.approx(2 / 3)
    assert shares[Verdict.WRONG] == pytest.approx(1 / 3)
    assert observation["categories"].tolist() == [0, 0, 1, 0]  # the edge case fails, the basic ones pass
    assert observation["error"] == 0
    observation, _ = env.reset(options={"program": "def top(nums):\n    return nums[len(nums)]\n"})
    assert features.ERRORS[observation["error"]] == "IndexError"
    assert observation["verdicts"][2] == 1


@pytest.mark.parametrize("action", [-1, 10, 2.5, "edge_case_check", None, [3, 4], np.array([3]), np.array([1, 2])])
def test_a_number_that_is_no_strategy_is_refused(env, action):
    with pytest.raises(ValueError, match="from 0 to 9"):
        env.step(action)


def test_any_whole_number_type_will_do(env):
    assert env.step(np.int64(EDGE))[1] == 1.0


def test_a_problem_that_shows_no_test_is_refused(make, scripted, highest, programs):
    env = make("Repair-Strategy-v0", repairer=scripted, feedback="tests", tests={highest.id: []})
    with pytest.raises(ValueError, match="shows no test"):
        env.reset(options={"program": programs.right})


@pytest.mark.parametrize("repairer", ["x", ScriptedRepairer])
def test_a_repairer_that_can_attempt_nothing_is_refused_when_the_environment_is_made(make, repairer):
    with pytest.raises(ValueError, match=r"repairer: .* is no object with a method attempt\(\)"):
        make("Repair-Strategy-v0", repairer=repairer)


def test_a_scripted_repairer_refuses_a_strategy_that_is_none():
    with pytest.raises(ValueError, match="did you mean 'syntax_check'"):
        ScriptedRepairer({"sintax_check": []})


def test_the_picture_names_the_strategies(make, scripted, programs):
    env = make("Repair-Strategy-v0", repairer=scripted, render_mode="ansi")
    env.reset(options={"program": programs.starts_at_zero})
    env.step(TYPES)
    assert "(type_and_conversion)" in env.render()


def test_ochiai_is_the_formula_of_the_paper():
    failing, passing = [frozenset({1, 2, 3}), frozenset({1, 3})], [frozenset({1, 2}), frozenset({1})]
    found = features.ochiai(failing, passing)
    assert found == pytest.approx({1: 2 / 8**0.5, 2: 1 / 4**0.5, 3: 2 / 4**0.5})


def test_suspicion_falls_on_the_line_that_only_failing_tests_execute(box, highest):
    source = "def top(nums):\n    if nums[0] < 0:\n        return 0\n    return max(nums)\n"
    [report] = settle(judged(highest, source, highest.visible, trace=True), box)
    found = dict(zip(features.FAULTS, features.fault_features(source, report).tolist(), strict=True))
    assert found["failing"] == pytest.approx(1 / 3)
    assert found["suspicion"] == 1
    assert (found["return"], found["loop"], found["constant"]) == (1, 0, 1)


def test_programs_that_do_not_parse_have_features_too():
    assert not features.code_features("def f(:").any()
    report = Report((Judgement(Verdict.SYNTAX, Outcome(Verdict.SYNTAX)),), 1)
    assert features.fault_features("def f(:", report)[0] == 1
    assert features.ERRORS[features.first_error(report)] == "SyntaxError"


def test_features_do_not_warn_about_strange_programs():
    assert features.code_features("x = '\\d' is 1\n").any()


def test_categories_count_what_there_is_of_each():
    cases = [Case((), 0), Case((), 0, "edge"), Case((), 0, "edge")]
    assert features.category_failures(cases, [True, True, False]).tolist() == [0, 0, 0.5, 0]


@pytest.mark.filterwarnings("ignore")  # what torch and SB3 say about themselves
@pytest.mark.parametrize("name", ["PPO", "DQN"])
def test_sb3_trains_on_it_as_it_is(make, scripted, name):
    sb3 = pytest.importorskip("stable_baselines3")
    torch = pytest.importorskip("torch")
    torch.set_num_threads(1)
    env = make("Repair-Strategy-v0", repairer=scripted, max_attempts=4)
    settings = {
        "PPO": {"n_steps": 16, "batch_size": 16, "n_epochs": 1},
        "DQN": {"learning_starts": 8, "buffer_size": 64},
    }
    model = getattr(sb3, name)("MultiInputPolicy", env, seed=0, **settings[name])
    model.set_logger(sb3.common.logger.Logger(None, []))  # its own makes a folder beside those of the system
    model.learn(32)
    observation, _ = env.reset(seed=1)
    assert 0 <= int(model.predict(observation)[0]) < 10
    by_name = getattr(sb3, name)("MultiInputPolicy", "Repair-Strategy-v0", **settings[name])  # it asks for "rgb_array"
    assert by_name.observation_space == env.observation_space


def test_an_answer_that_the_program_wrote_past_the_sandbox_is_no_difference_and_no_error():
    junk = Judgement(Verdict.WRONG, Outcome(None, answer=b"\xffjunk"))
    other = Judgement(Verdict.WRONG, Outcome(None, stdout="5"))
    found = features.answer_differences([Case((1,), 2), Case(("1",), "4")], Report((junk, other), 2))
    assert found[features.DIFFERENCES.index("one off")] == 0.5
