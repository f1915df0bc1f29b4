"""What all environments share, tried on a small one: seeds, options, faults, ends, pictures, resuming."""

import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env


def test_the_same_seed_begins_the_same_episodes(guessing, answering):
    one, two = guessing(sandbox=answering), guessing(sandbox=answering)
    first = [one.reset(seed=3), one.reset(), one.reset()]
    second = [two.reset(seed=3), two.reset(), two.reset()]
    assert first == second
    assert len({info["number"] for _, info in first}) > 1


def test_a_chosen_problem_leaves_the_rest_of_the_seed_as_it_was(guessing, answering):
    env = guessing(sandbox=answering)
    _, drawn = env.reset(seed=3)
    for name in ("one", "two", "three"):
        _, info = env.reset(seed=3, options={"problem": name})
        assert info["problem"] == name
        assert info["number"] == drawn["number"]


def test_task_ends_terminate_and_budget_ends_truncate(guessing, answering):
    env = guessing(sandbox=answering)
    _, info = env.reset(seed=1)
    assert env.step(info["number"])[1:4] == (1.0, True, False)
    _, info = env.reset(seed=1)
    _, reward, terminated, truncated, info = env.step(9)
    assert (reward, terminated, truncated, info["ended"]) == (0.0, False, True, "attempts")
    assert info["reward_parts"] == {"right": 0.0}


def test_stepping_before_the_first_reset_or_after_the_end_is_refused(guessing, answering):
    env = guessing(sandbox=answering)
    with pytest.raises(ValueError, match="never reset"):
        env.step(0)
    env.reset(seed=1)
    env.step(9)
    with pytest.raises(ValueError, match="attempts"):
        env.step(0)
    env.reset(seed=1)
    with pytest.raises(ValueError, match="did you mean 'three'"):
        env.reset(options={"problem": "tree"})
    with pytest.raises(ValueError, match=r"reset\(\) failed"):
        env.step(0)


def test_a_fault_in_a_step_is_nan_and_never_a_score(guessing, answering, failing):
    env = guessing(sandbox=answering)
    env.reset(seed=1)
    env._sandbox = failing
    observation, reward, terminated, truncated, info = env.step(1)
    assert np.isnan(reward)
    assert (terminated, truncated, info["ended"]) == (False, True, "fault")
    assert info["fault"]
    assert observation in env.observation_space
    env._sandbox = answering
    assert "fault" not in env.reset(seed=1)[1]


def test_a_fault_in_a_reset_ends_the_episode_with_its_first_step(guessing, answering, failing):
    env = guessing(sandbox=failing)
    observation, info = env.reset(seed=1)
    assert info["fault"]
    assert observation in env.observation_space
    _, reward, terminated, truncated, info = env.step(1)
    assert np.isnan(reward)
    assert (terminated, truncated) == (False, True)


def test_an_unknown_option_problem_or_keyword_gets_a_guess(guessing, answering):
    env = guessing(sandbox=answering)
    with pytest.raises(ValueError, match="did you mean 'problem'"):
        env.reset(options={"probelm": "one"})
    with pytest.raises(ValueError, match="did you mean 'three'"):
        env.reset(options={"problem": "tree"})
    with pytest.raises(ValueError, match=r"problem \['one'\] is not one"):
        env.reset(options={"problem": ["one"]})
    with pytest.raises(ValueError, match="did you mean 'most'"):
        guessing(sandbox=answering, mots=3)
    with pytest.raises(ValueError, match="did you mean 'human'"):
        guessing(sandbox=answering, render_mode="humane")


@pytest.mark.parametrize("options", [["bug"], "bug", 5, [], object()])
def test_options_that_are_no_dictionary_are_refused_and_leave_the_seed_as_it_was(guessing, answering, options):
    env = guessing(sandbox=answering)
    env.reset(seed=3)
    before = env.state()
    with pytest.raises(ValueError, match=r"^reset\(options\): .* is no dictionary"):
        env.reset(seed=4, options=options)
    assert env.state() == before


@pytest.mark.parametrize("state", [{}, {"random": 5}, {"random": {}}, None, []])
def test_what_is_no_state_is_refused(guessing, answering, state):
    env = guessing(sandbox=answering)
    with pytest.raises(ValueError, match=r"^restore: .* is no state"):
        env.restore(state)


@pytest.mark.parametrize(
    ("keywords", "told"),
    [
        ({"sandbox": "dokcer"}, "did you mean 'docker'"),
        ({"sandbox": None}, "sandbox: None; choose from auto"),
        ({"workers": -3}, "workers: -3 is not a whole number"),
        ({"workers": "2"}, "workers: '2' is not a whole number"),
    ],
)
def test_a_sandbox_that_can_never_be_opened_is_refused_when_the_environment_is_made(guessing, keywords, told):
    with pytest.raises(ValueError, match=told):
        guessing(**keywords)


def test_a_picture_of_what_cannot_be_encoded_is_shown(guessing, answering, capfd):
    class Odd(guessing):
        def picture(self):
            return "[red]half[/] a pair: \ud800"

    Odd(sandbox=answering, render_mode="human").reset(seed=1)
    assert "half a pair: \\ud800" in capfd.readouterr().out  # and no colours, for this is no terminal
    env = Odd(sandbox=answering, render_mode="ansi")
    env.reset(seed=1)
    assert "\x1b[31mhalf\x1b[0m a pair: \\ud800" in env.render()


def test_a_state_resumes_the_episodes_that_would_have_come(guessing, answering):
    env, other = guessing(sandbox=answering), guessing(sandbox=answering)
    env.reset(seed=5)
    state = env.state()
    coming = [env.reset()[1] for _ in range(4)]
    other.reset(seed=99)
    other.restore(state)
    assert [other.reset()[1] for _ in range(4)] == coming


def test_pictures_are_returned_printed_or_asked_for(guessing, answering, capsys):
    env = guessing(sandbox=answering, render_mode="ansi")
    env.reset(seed=1)
    assert "the number is" in env.render()
    assert capsys.readouterr().out == ""
    env = guessing(sandbox=answering, render_mode="human")
    env.reset(seed=1)
    env.step(0)
    assert capsys.readouterr().out.count("the number is") == 2
    env = guessing(sandbox=answering)
    env.reset(seed=1)
    with pytest.warns(UserWarning, match="render_mode"):
        assert env.render() is None


def test_gymnasium_has_nothing_to_say(guessing, answering):
    check_env(guessing(sandbox=answering, render_mode="ansi"), skip_render_check=True)
