"""Regret beside what is proved about it, and formulas beside their closed forms."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest

from agents.bandits import make_bandit
from agents.bandits.worlds import World, plain_world, play, toy_world

ROUNDS, SEEDS = 2000, 3
MEANS = [0.5, 0.4, 0.3, 0.2]
GAPS = [0.1, 0.2, 0.3]


def mean_regret(kind, world=None, rounds=ROUNDS, **settings):
    world = world or plain_world(MEANS)
    arms, contexts = world.means.shape[1], len(world.shares)
    plays = [play(make_bandit(kind, arms, contexts, seed, **settings), world, rounds, seed) for seed in range(SEEDS)]
    return np.mean([one.regret for one in plays], axis=0)


@cache
def usual_regret(kind, toy=False):
    """With the usual settings, for bandits that several claims are about."""
    return mean_regret(kind, toy_world(1) if toy else None)


@cache
def regret_of_a_turn(kind, **settings):
    """What it loses when the best arm becomes the worst."""
    first, second = plain_world([0.9, 0.5, 0.1]), plain_world([0.1, 0.5, 0.9])
    plays = [play(make_bandit(kind, 3, 1, seed, **settings), first, 2000, seed, second) for seed in range(SEEDS)]
    return np.mean([one.regret[-1] for one in plays])


def test_regret_is_against_the_one_arm_that_is_best_for_the_whole_play():
    """Also where the world turns: nobody may change the arm that it is compared with."""
    first, second = plain_world([0.9, 0.5, 0.1]), plain_world([0.2, 0.5, 0.9])
    bandit = make_bandit("thompson", 3, 1, 0)
    found = play(bandit, first, 200, 0, second)
    first_half = [0.9 - first.means[0, arm] for arm in found.arms[:100]]
    second_half = [0.2 - second.means[0, arm] for arm in found.arms[100:]]
    assert np.allclose(found.regret, np.cumsum(first_half + second_half))


def test_ucb1_stays_under_the_bound_of_its_paper():
    """Auer et al. 2002, theorem 1: 8 sum(ln n / gap) + (1 + pi^2 / 3) sum(gap)."""
    bound = 8 * sum(math.log(ROUNDS) / gap for gap in GAPS) + (1 + math.pi**2 / 3) * sum(GAPS)
    regret = usual_regret("ucb1")
    assert 0 < regret[-1] < bound
    assert regret[-1] - regret[ROUNDS // 2] < 0.75 * regret[ROUNDS // 2], "it grows more slowly than the rounds"


def test_thompson_comes_near_the_lower_bound_of_lai_and_robbins():
    """No consistent bandit has less than ln n * sum(gap / KL) in the limit; Thompson reaches it up to a constant."""

    def kl(p, q):
        return p * math.log(p / q) + (1 - p) * math.log((1 - p) / (1 - q))

    limit = math.log(ROUNDS) * sum(gap / kl(0.5 - gap, 0.5) for gap in GAPS)
    regret = mean_regret("thompson")[-1]
    assert regret < 1.5 * limit
    assert regret < usual_regret("ucb1")[-1]


def test_epsilon_greedy_pays_for_exploring_for_ever():
    """Its regret grows by epsilon times the mean gap in each round, once it knows the best arm."""
    world = plain_world([0.9, 0.1, 0.1, 0.1])
    regret = mean_regret("epsilon_greedy", world, epsilon=0.2)
    slope = (regret[-1] - regret[ROUNDS // 2]) / (ROUNDS - 1 - ROUNDS // 2)
    assert slope == pytest.approx(0.2 * 0.6, rel=0.15)


def test_exp3_stays_under_the_bound_of_its_paper():
    """Auer et al. 2002, corollary 3.2: 2.63 sqrt(g K ln K) with the gamma it names; here g is the number of rounds."""
    bound = 2.63 * math.sqrt(ROUNDS * 4 * math.log(4))
    gamma = min(1.0, math.sqrt(4 * math.log(4) / ((math.e - 1) * ROUNDS)))
    assert mean_regret("exp3", gamma=gamma)[-1] < bound


def test_exp3_is_not_fooled_by_an_opponent_who_knows_it():
    """Who pays whatever the bandit seldom chooses beats a greedy bandit; EXP3 keeps close to the best arm in hindsight."""

    def hindsight(kind, **settings):
        bandit, earned, arms = make_bandit(kind, 2, seed=1, **settings), 0.0, np.zeros(2)
        for _ in range(ROUNDS):
            chances = bandit.probabilities()
            pays = np.eye(2)[int(np.argmin(chances))]
            choice = bandit.choose()
            bandit.learn(choice.ticket, pays[choice.arm])
            earned, arms = earned + pays[choice.arm], arms + pays
        return arms.max() - earned

    assert hindsight("exp3", gamma=0.05) < 2.63 * math.sqrt(ROUNDS * 2 * math.log(2))
    assert hindsight("epsilon_greedy", epsilon=0.0) > 0.4 * ROUNDS


@pytest.mark.parametrize("kind", ["linucb", "lints"])
def test_contextual_bandits_beat_the_best_fixed_arm_where_contexts_matter(kind):
    assert mean_regret(kind, toy_world(1), alpha=0.5)[-1] < -40
    assert usual_regret("thompson", toy=True)[-1] > 0


def test_linucb_stays_under_the_bound_for_linear_bandits():
    """Abbasi-Yadkori et al. 2011, theorem 3, for the disjoint model written as one of dimension contexts x arms."""
    world = World(np.array([[0.3, 0.2, 0.1], [0.1, 0.15, 0.4]]), np.array([0.5, 0.5]))
    d, delta, ridge, size = 6, 0.05, 1.0, 1.0
    norm = float(np.linalg.norm(world.means))
    radius = math.sqrt(ridge) * norm + 0.5 * math.sqrt(
        2 * math.log(1 / delta) + d * math.log(1 + ROUNDS * size / (ridge * d))
    )
    bound = 4 * math.sqrt(ROUNDS * d * math.log(ridge + ROUNDS * size / d)) * radius
    fixed = mean_regret("linucb", world, alpha=radius)[-1]
    best_in_each = world.shares @ (world.means.max(axis=1) - world.means[:, np.argmax(world.shares @ world.means)])
    assert fixed + ROUNDS * best_in_each < bound


@pytest.mark.parametrize(
    ("forgetting", "plain"),
    [
        ("discounted_ucb1", "ucb1"),
        ("window_ucb1", "ucb1"),
        ("window_thompson", "thompson"),
        ("discounted_thompson", "thompson"),
        ("exp3s", "thompson"),
        ("window_lints", "lints"),
    ],
)
def test_forgetting_helps_when_the_world_turns_round(forgetting, plain):
    bold = {"alpha": 0.2} if plain == "ucb1" else {}  # a timid UCB1 explores so much that it notices by itself
    settings = {"window": {"window": 200}, "discounted": {"discount": 0.99}}.get(forgetting.split("_")[0], {})
    assert regret_of_a_turn(forgetting, **settings, **bold) < 0.7 * regret_of_a_turn(plain, **bold)


def test_noise_that_says_nothing_teaches_nobody():
    """False passes plus false failures of 1 make the feedback independent of the truth (Youden's J = 0)."""
    deaf = toy_world(1, false_pass=0.5, false_fail=0.5)
    assert mean_regret("lints", deaf, rounds=1000, alpha=0.35)[-1] > 60
    assert mean_regret("lints", toy_world(1), rounds=1000, alpha=0.35)[-1] < 0


def test_ucb1_bounds_have_their_closed_form():
    bandit = make_bandit("ucb1", 2)
    for arm, reward in ((0, 1.0), (0, 0.0), (1, 1.0), (0, 0.0)):
        bandit.observe(arm, None, reward)
    bonus = [math.sqrt(2 * math.log(4) / 3), math.sqrt(2 * math.log(4))]
    assert bandit.bounds() == pytest.approx([1 / 3 + bonus[0], 1 + bonus[1]])


def test_discounted_counts_are_geometric_sums():
    bandit = make_bandit("ucb1", 2, discount=0.5)
    for _ in range(4):
        bandit.observe(0, None, 1.0)
    assert bandit.memory.counts.tolist() == [1 + 0.5 + 0.25 + 0.125, 0]


def test_a_window_forgets_all_but_the_last():
    bandit = make_bandit("ucb1", 2, window=3)
    for reward in (1.0, 1.0, 0.0, 0.0, 0.5):
        bandit.observe(0, None, reward)
    assert (bandit.memory.counts[0], bandit.memory.totals[0]) == (3, 0.5)


def test_exp3_weights_have_their_closed_form():
    bandit = make_bandit("exp3", 2, gamma=0.2)
    bandit.observe(0, None, 0.5, propensity=0.25)
    weight = math.exp(0.2 * (0.5 / 0.25) / 2)
    assert bandit.probabilities() == pytest.approx([0.8 * weight / (weight + 1) + 0.1, 0.8 / (weight + 1) + 0.1])


def test_ridge_regression_has_its_closed_form():
    rng = np.random.default_rng(0)
    xs, rewards = rng.standard_normal((30, 3)), rng.random(30)
    bandit = make_bandit("linucb", 2, 3, ridge=2.0, alpha=1.5)
    for x, reward in zip(xs, rewards, strict=True):
        bandit.observe(0, x, reward)
    gram = xs.T @ xs + 2 * np.eye(3)
    assert bandit.theta[0] == pytest.approx(np.linalg.solve(gram, xs.T @ rewards))
    x = xs[0]
    assert bandit.bounds(x) == pytest.approx(
        [x @ np.linalg.solve(gram, xs.T @ rewards) + 1.5 * math.sqrt(x @ np.linalg.solve(gram, x)),
         1.5 * math.sqrt(x @ x / 2)]
    )  # fmt: skip


def test_discounted_ridge_regression_weighs_the_past_less():
    rng = np.random.default_rng(0)
    xs, rewards = rng.standard_normal((12, 2)), rng.random(12)
    bandit = make_bandit("linucb", 1, 2, discount=0.8)
    for x, reward in zip(xs, rewards, strict=True):
        bandit.observe(0, x, reward)
    weights = 0.8 ** np.arange(11, -1, -1)
    expected = np.linalg.solve((xs.T * weights) @ xs + np.eye(2), (xs.T * weights) @ rewards)
    assert bandit.theta[0] == pytest.approx(expected)


def test_a_window_of_ridge_regression_is_a_regression_on_the_window():
    rng = np.random.default_rng(0)
    xs, rewards = rng.standard_normal((12, 2)), rng.random(12)
    bandit, short = make_bandit("linucb", 1, 2, window=5), make_bandit("linucb", 1, 2)
    for place, (x, reward) in enumerate(zip(xs, rewards, strict=True)):
        bandit.observe(0, x, reward)
        if place >= 7:
            short.observe(0, x, reward)
    assert bandit.theta == pytest.approx(short.theta)


def test_thompson_posterior_counts_successes_and_failures():
    bandit = make_bandit("thompson", 1)
    for reward in (1.0, 0.0, 0.25):
        bandit.observe(0, None, reward)
    assert [side[0] for side in bandit.posterior()] == [2.25, 2.75]
