"""Regret, held-out rates and intervals, beside figures worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from agents.bandit_training.regret import crossover, regret
from agents.episodes import Episode, Move, Start
from agents.held_out import HeldOut
from agents.statistics import band, over_seeds, over_seeds_and_items

TABLE = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
"""Three bugs; the first arm repairs the first, the second arm the others."""


def test_regret_is_against_whichever_arm_was_best_so_far():
    assert regret([0, 0, 0], [0, 1, 2], TABLE).tolist() == [1, 1, 2]
    assert regret([1, 1, 1], [0, 1, 2], TABLE).tolist() == [0, -1, -1]


def test_the_crossover_is_when_regret_falls_below_zero_for_good():
    found = crossover(np.array([1.0, -1, 0, -1, -2]), [3, 2, 1, 2, 4])
    assert (found.episode, found.pulls) == (4, 8)
    assert crossover(np.array([-1.0, 0.0]), [1, 1]) is None
    assert crossover(np.array([-1.0, -2.0]), [5, 1]).pulls == 5
    assert crossover(np.zeros(0), []) is None


def episode(solved, attempts=1, fault=""):
    moves = [Move(0, 1.0, True, 0.0, {}, 0.0)] * attempts
    return Episode(Start(0, 0), "x", moves=moves, ended="solved", solved=solved, fault=fault)


def test_rates_count_solved_bugs_within_a_budget():
    played = {"a": [[episode(True, 1), episode(True, 3), episode(False, 3)]], "b": [[episode(False)] * 3]}
    found = HeldOut.of(played)
    assert found.rate("a").mean == pytest.approx(2 / 3)
    assert found.as_json(3)["a"]["solved_within"] == pytest.approx([1 / 3, 1 / 3, 2 / 3])
    assert found.gain("a", "b").mean == pytest.approx(2 / 3)


def test_a_bug_with_a_fault_is_left_out_for_all():
    played = {"a": [[episode(True), episode(False, fault="x")]], "b": [[episode(False), episode(True)]]}
    found = HeldOut.of(played)
    assert found.left_out == 1
    assert (found.rate("a").mean, found.rate("b").mean) == (1, 0)


def test_one_row_of_a_rule_is_compared_with_every_seed():
    played = {"a": [[episode(True)] * 2, [episode(False), episode(True)]], "rule": [[episode(False), episode(True)]]}
    assert HeldOut.of(played).gain("a", "rule").mean == pytest.approx(0.25)


def test_an_interval_covers_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(0)
    found = [over_seeds(rng.normal(1.0, 1.0, 30)) for _ in range(200)]
    assert 0.88 < np.mean([one.low <= 1.0 <= one.high for one in found]) < 0.99


def test_an_interval_over_seeds_and_bugs_is_wider_than_over_seeds_alone():
    """Here all seeds agree, so only the bugs leave any doubt."""
    table = np.tile(np.random.default_rng(1).integers(2, size=50), (5, 1)).astype(float)
    assert over_seeds(table.mean(axis=1)).low == over_seeds(table.mean(axis=1)).high
    both = over_seeds_and_items(table)
    assert both.high - both.low == pytest.approx(2 * 1.96 * np.sqrt(0.25 / 50), rel=0.2)


def test_a_band_is_drawn_from_the_seeds():
    mean, low, high = band(np.array([[0.0, 1.0], [2.0, 1.0]]))
    assert mean.tolist() == [1, 1]
    assert (low.tolist(), high.tolist()) == ([0, 1], [2, 1])
