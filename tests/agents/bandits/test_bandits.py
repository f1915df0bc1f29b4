"""What holds for every bandit: credit, missing rewards, state, propensities, errors."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from agents.bandits import KINDS, make_bandit, settings_of
from agents.bandits.bandit import DRAWS
from agents.bandits.worlds import plain_world, play, toy_world

ARMS, SIZE = 4, 3


def fresh(kind, seed=0, **settings):
    return make_bandit(kind, ARMS, SIZE, seed, **settings)


def some_context(rng):
    return np.append(rng.standard_normal(SIZE - 1), 1.0)


def exercise(bandit, rng, rounds, late=3):
    """Plays with rewards that come late, out of order, or never; returns what was chosen."""
    waiting, chosen = [], []
    for _ in range(rounds):
        choice = bandit.choose(some_context(rng))
        chosen.append((choice.arm, choice.propensity))
        waiting.append(choice)
        if len(waiting) > late:
            one = waiting.pop(int(rng.integers(len(waiting))))
            reward = float(rng.random() < 0.2 + 0.15 * one.arm)
            bandit.learn(one.ticket, None if rng.random() < 0.1 else reward)
    return chosen


@pytest.mark.parametrize("kind", KINDS)
def test_a_restored_bandit_goes_on_bit_for_bit(kind):
    settings = {"window": 20} if "window" in kind else {}
    undisturbed = fresh(kind, seed=5, **settings)
    rng = np.random.default_rng(1)
    exercise(undisturbed, rng, 60)
    state, after = json.loads(json.dumps(undisturbed.state())), rng.bit_generator.state
    expected = exercise(undisturbed, rng, 60, late=5)

    resumed = fresh(kind, seed=5, **settings)
    resumed.restore(state)
    rng.bit_generator.state = after
    assert exercise(resumed, rng, 60, late=5) == expected
    assert resumed.state() == undisturbed.state()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_learns_which_arm_is_best(kind):
    bandit = make_bandit(kind, 3, 1, seed=2)
    played = play(bandit, plain_world([0.1, 0.9, 0.2]), 600, seed=3)
    assert np.mean(np.array(played.arms[-200:]) == 1) > 0.6
    assert bandit.best([1.0]) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_reward_is_credited_to_the_choice_it_was_given_for(kind):
    """The order of rewards does not matter to what is known of an arm; each goes with its own ticket."""
    bandit, rng = fresh(kind), np.random.default_rng(0)
    choices = [bandit.choose(some_context(rng)) for _ in range(40)]
    for choice in reversed(choices):
        bandit.learn(choice.ticket, choice.arm / ARMS)
    for arm, known in enumerate(bandit.estimates()):
        mine = sum(choice.arm == arm for choice in choices)
        assert known.pulls == mine
        assert not mine or known.mean == pytest.approx(arm / ARMS)
    assert bandit.waiting == 0


@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_reward_teaches_nothing(kind):
    bandit, rng = fresh(kind), np.random.default_rng(0)
    before = fresh(kind).state()["knowledge"]
    for reward in (None, math.nan):
        bandit.learn(bandit.choose(some_context(rng)).ticket, reward)
    bandit.observe(1, some_context(rng), None)
    assert bandit.state()["knowledge"] == before
    assert bandit.missing == 3
    assert [one.pulls for one in bandit.estimates()] == [0] * ARMS


@pytest.mark.parametrize("kind", KINDS)
def test_propensities_are_how_often_arms_are_chosen(kind):
    """500 copies of one trained bandit, which differ only in their luck, choose as often as the probabilities say."""
    trained, rng = fresh(kind, seed=1), np.random.default_rng(3)
    exercise(trained, rng, 30, late=0)
    state, context = trained.state(), some_context(rng)
    chances = trained.probabilities(context)
    assert chances.sum() == pytest.approx(1)
    counts = np.zeros(ARMS)
    for seed in range(500):
        copy = fresh(kind, seed=seed)
        copy.restore({**state, "rng": np.random.default_rng(seed).bit_generator.state})
        choice = copy.choose(context)
        counts[choice.arm] += 1
        assert choice.exact == copy.exact
        assert choice.propensity == pytest.approx(chances[choice.arm], abs=1e-12 if copy.exact else 0.2)
    doubt = 0.5 / math.sqrt(500) + (0 if trained.exact else 0.5 / math.sqrt(DRAWS))
    assert np.abs(counts / 500 - chances).max() < 4 * doubt


@pytest.mark.parametrize("kind", ["thompson", "lints"])
def test_an_estimated_propensity_is_never_zero(kind):
    bandit = make_bandit(kind, 2, 1)
    for _ in range(300):
        bandit.observe(0, [1.0], 1.0)
        bandit.observe(1, [1.0], 0.0)
    assert 0 < bandit.probabilities(np.ones(1))[1] < 0.02


@pytest.mark.parametrize("kind", KINDS)
def test_asking_for_probabilities_or_the_best_arm_changes_nothing(kind):
    bandit, rng = fresh(kind), np.random.default_rng(0)
    exercise(bandit, rng, 30)
    before, context = json.dumps(bandit.state()), some_context(rng)
    bandit.probabilities(context)
    bandit.best(context)
    assert json.dumps(bandit.state()) == before


def test_rewards_are_scaled_from_their_range():
    bandit = make_bandit("ucb1", 2, reward_range=(-1, 1))
    bandit.observe(0, None, -0.5)
    assert bandit.values().tolist() == [0.25, 0]
    assert bandit.estimates()[0].mean == -0.5


@pytest.mark.parametrize("reward", [1.5, -0.1, math.inf])
def test_a_reward_outside_its_range_is_refused_with_advice(reward):
    bandit = fresh("thompson")
    with pytest.raises(ValueError, match="expected a number from 0 to 1.*set reward_range"):
        bandit.learn(bandit.choose().ticket, reward)


def test_a_ticket_is_good_for_one_reward():
    bandit = fresh("ucb1")
    ticket = bandit.choose().ticket
    bandit.learn(ticket, 1.0)
    with pytest.raises(ValueError, match="each is rewarded once"):
        bandit.learn(ticket, 1.0)


def test_while_rewards_are_late_the_untried_arms_go_first():
    bandit = fresh("ucb1")
    assert sorted(bandit.choose().arm for _ in range(ARMS)) == list(range(ARMS))


def test_choices_that_are_given_up_are_expected_no_longer():
    bandit = fresh("epsilon_greedy")
    given_up = bandit.choose()
    bandit.forget_waiting()
    assert (bandit.waiting, bandit.missing) == (0, 1)
    assert {bandit.choose().arm for _ in range(ARMS)} == set(range(ARMS)), "its arm is untried, and tried again"
    with pytest.raises(ValueError, match="no choice waits"):
        bandit.learn(given_up.ticket, 1.0)


def test_unknown_kinds_and_settings_are_guessed():
    with pytest.raises(ValueError, match="did you mean 'linucb'"):
        make_bandit("linucbb", 2)
    with pytest.raises(ValueError, match="'epsilom' is not a setting of it; did you mean 'epsilon'"):
        make_bandit("epsilon_greedy", 2, epsilom=0.1)


@pytest.mark.parametrize("kind", KINDS)
def test_the_listed_settings_are_the_ones_that_are_taken(kind):
    settings = settings_of(kind)
    assert make_bandit(kind, 2, 1, **settings).state() == make_bandit(kind, 2, 1).state()
    assert "reward_range" in settings


@pytest.mark.parametrize(
    ("kind", "settings", "says"),
    [
        ("epsilon_greedy", {"epsilon": 2}, "expected a probability"),
        ("ucb1", {"alpha": -1}, "from 0 on"),
        ("ucb1", {"alpha": math.nan}, "from 0 on"),
        ("ucb1", {"window": math.nan}, "rewards to remember"),
        ("linucb", {"alpha": math.inf}, "from 0 on"),
        ("lints", {"ridge": math.nan}, "from 1e-06 on"),
        ("thompson", {"prior": (math.nan, 1)}, "above 0"),
        ("exp3", {"reward_range": (0, math.inf)}, "both finite"),
        ("ucb1", {"discount": 0}, "up to 1"),
        ("thompson", {"window": 5, "discount": 0.9}, "choose one way of forgetting"),
        ("thompson", {"prior": (0, 1)}, "above 0"),
        ("linucb", {"ridge": 0}, "from 1e-06 on"),
        ("exp3", {"gamma": 0}, "above 0"),
        ("exp3", {"reward_range": (1, 0)}, "low end"),
    ],
)
def test_settings_that_make_no_sense_are_refused(kind, settings, says):
    with pytest.raises(ValueError, match=says):
        make_bandit(kind, 2, 1, **settings)


@pytest.mark.parametrize("context", [None, [1.0], [1.0, math.nan, 0.0]])
def test_a_context_of_the_wrong_shape_is_refused(context):
    with pytest.raises(ValueError, match="expected 3 finite numbers"):
        fresh("lints").choose(context)


def test_a_state_of_another_bandit_is_refused():
    with pytest.raises(ValueError, match="bandit='UCB1'"):
        fresh("thompson").restore(fresh("ucb1").state())
    with pytest.raises(ValueError, match="arms=2"):
        fresh("ucb1").restore(make_bandit("ucb1", 2).state())


def test_credit_given_to_the_next_choice_learns_nothing():
    """What a published repair loop did: rewards of hint attempts shifted all later ones by one. Tickets forbid it."""
    world = toy_world(0)
    right = play(make_bandit("lints", 10, 5, seed=1, alpha=0.35), world, 1500, seed=1)

    shifted, rng = make_bandit("lints", 10, 5, seed=1, alpha=0.35), np.random.default_rng(1)
    lost, late = 0.0, 0.0
    for _ in range(1500):
        context = int(rng.choice(5, p=world.shares))
        choice = shifted.choose(np.eye(5)[context])
        shifted.learn(choice.ticket, late)
        mean = world.means[context, choice.arm]
        late = float(rng.random() < mean)
        lost += float(world.means[context, int(np.argmax(world.shares @ world.means))] - mean)
    assert right.regret[-1] < 40 < 100 < lost


def test_hints_at_the_start_are_learnt_under_their_own_arm():
    """Three choices that somebody else made come first; the bandit's own first reward is not theirs, nor theirs its."""
    bandit = make_bandit("epsilon_greedy", 5)
    for hint, reward in ((0, 0.1), (1, 0.2), (3, 0.3)):
        bandit.observe(hint, None, reward)
    choice = bandit.choose()
    bandit.learn(choice.ticket, 1.0)
    known = {arm: one.mean for arm, one in enumerate(bandit.estimates()) if one.pulls}
    assert known == pytest.approx({0: 0.1, 1: 0.2, 3: 0.3, choice.arm: 1.0})
    assert choice.arm in (2, 4)
