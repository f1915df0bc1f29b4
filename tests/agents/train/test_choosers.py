"""Who chooses: the rules, the bandit with hints, and what it sees."""

from __future__ import annotations

import numpy as np
import pytest
from gymnasium.spaces import Box, Dict, Discrete, Text

from agents.bandit_training import check
from agents.bandits import make_bandit
from agents.choosers import BanditChooser, Fixed, HintLadder, RoundRobin, Uniform
from agents.context import Context
from agents.strategies import names_of
from sandbox import Verdict

SPACE = Dict({"verdicts": Box(0, 1, (len(Verdict),)), "error": Discrete(3)})


def observation(**shares):
    seen = np.zeros(len(Verdict), np.float32)
    for name, share in shares.items():
        seen[list(Verdict).index(Verdict[name])] = share
    return {"verdicts": seen, "error": 1}


def choices(chooser, count, seen=None, episode=0):
    chooser.begin(episode)
    return [chooser.choose(seen or observation(WRONG=1)).arm for _ in range(count)]


def name(arm):
    return names_of(10)[arm]


@pytest.mark.parametrize(
    ("shares", "first"),
    [
        ({"SYNTAX": 1}, "syntax_check"),
        ({"TIMEOUT": 0.6, "WRONG": 0.4}, "step_by_step_reasoning"),
        ({"EXCEPTION": 0.5, "PASS": 0.5}, "error_specific_feedback"),
        ({"WRONG": 0.2, "PASS": 0.8}, "default"),
    ],
)
def test_the_ladder_begins_with_what_the_verdict_suggests(shares, first):
    assert name(choices(HintLadder(), 1, observation(**shares))[0]) == first


def test_the_ladder_goes_round_three_strategies_for_a_wrong_answer_and_then_round_the_others():
    found = [name(arm) for arm in choices(HintLadder(), 10)]
    assert found[:3] == ["default", "step_by_step_reasoning", "error_specific_feedback"]
    assert sorted(found) == sorted(names_of(10))


def test_round_robin_starts_again_in_each_episode():
    rule = RoundRobin()
    assert choices(rule, 12) == [*range(10), 0, 1]
    assert choices(rule, 2) == [0, 1]


def test_a_fixed_rule_never_changes_its_mind():
    assert choices(Fixed(4), 5) == [4] * 5


def test_random_choices_depend_on_the_seed_and_the_episode_alone():
    assert choices(Uniform(10, 1), 20, episode=7) == choices(Uniform(10, 1), 20, episode=7)
    assert choices(Uniform(10, 1), 20, episode=7) != choices(Uniform(10, 1), 20, episode=8)
    assert choices(Uniform(10, 1), 20, episode=7) != choices(Uniform(10, 2), 20, episode=7)
    drawn = np.bincount(choices(Uniform(10, 0), 2000), minlength=10)
    assert drawn.min() > 140


def chooser(kind="linucb", hints=0, learning=True):
    context = Context(SPACE, 10)
    return BanditChooser(make_bandit(kind, 10, context.size, seed=1), context, hints=hints, learning=learning)


def test_rewards_of_hints_are_credited_to_the_hints():
    """A published repair loop kept the rewards of its hint attempts and credited them to later choices."""
    one = chooser("epsilon_greedy", hints=3)
    one.begin(0)
    made = []
    for reward in (0.1, 0.2, 0.3, 1.0, 0.0):
        choice = one.choose(observation(WRONG=1))
        made.append((choice.arm, reward))
        one.learn(choice, reward)
    assert [arm for arm, _ in made[:3]] == [0, 1, 2]
    assert one.bandit.waiting == 0
    for arm, known in enumerate(one.bandit.estimates()):
        mine = [reward for other, reward in made if other == arm]
        assert known.pulls == len(mine)
        assert not mine or known.mean == pytest.approx(np.mean(mine))


def test_a_trained_chooser_learns_nothing_more():
    one = chooser(learning=False)
    before = one.bandit.state()
    one.begin(0)
    for _ in range(3):
        one.learn(one.choose(observation(WRONG=1)), 1.0)
    assert one.bandit.state() == before


def test_a_missing_reward_is_counted_and_teaches_nothing():
    one = chooser()
    one.begin(0)
    one.learn(one.choose(observation(WRONG=1)), None)
    assert (one.bandit.missing, one.bandit.waiting) == (1, 0)


def test_the_context_is_the_observation_a_constant_and_what_was_tried_in_vain():
    context = Context(SPACE, 3)
    context.begin()
    seen = context.of(observation(WRONG=0.5))
    assert seen.shape == (context.size,) == (len(context.names()),)
    named = dict(zip(context.names(), seen, strict=True))
    assert named["constant"] == 1
    assert named["error[1]"] == 1
    assert [named[f"in_vain[{arm}]"] for arm in range(3)] == [0, 0, 0]


def test_what_was_tried_in_vain_is_open_again_once_something_earned():
    context = Context(SPACE, 3)
    context.begin()
    context.after(0, 0.0)
    context.after(2, -0.1)
    context.after(1, None)
    assert context.of(observation())[-3:].tolist() == [1, 1, 1]
    context.after(1, 0.4)
    assert context.of(observation())[-3:].tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("agent.context=[]", r"agent\.context=\[\]: names no field .*choose from .*verdicts"),
        ("agent.alpha=nan", "alpha: expected .* got nan"),
        ("agent.ridge=nan", "ridge: expected .* got nan"),
    ],
)
def test_a_bandit_that_could_not_choose_is_refused_before_anything_is_made(word, says, compose):
    with pytest.raises(ValueError, match=says):
        check(compose(word))


def test_an_observation_of_text_is_refused():
    with pytest.raises(ValueError, match="observation 'code' is a Text; a bandit needs numbers"):
        Context(Dict({"code": Text(5)}), 3)
