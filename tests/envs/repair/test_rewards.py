"""Rewards are formulas, and these are their values by hand."""

import math

import pytest

from envs.repair.rewards import REWARDS, Marks, delta, delta_published, parts, pass_rate, solved

ALL = Marks((True,) * 4, (True,) * 6)
NONE = Marks((False,) * 4, (False,) * 6)


def passing(count):
    """Passes so many of ten cases."""
    found = [place < count for place in range(10)]
    return Marks(tuple(found[:4]), tuple(found[4:]))


def test_the_share_counts_shown_and_selection_together():
    assert passing(7).share == pytest.approx(0.7)
    assert ALL.share == 1
    assert NONE.share == 0


def test_confidence_weighs_shown_tests_only():
    marks = Marks((True, False), (True, False), weights=(0.25, 0.75))
    assert marks.share == pytest.approx((0.25 + 1) / (0.25 + 0.75 + 2))
    assert Marks((True,), (), weights=(0.0,)).share == 0


@pytest.mark.parametrize(("count", "paid"), [(10, 1), (9, 0), (0, 0)])
def test_solved_pays_for_all_cases_or_nothing(count, paid):
    assert solved(passing(count), 0.0, 0.0) == paid


def test_a_program_without_any_case_is_never_solved():
    assert not Marks((), ()).solved
    assert Marks((True,), ()).solved


@pytest.mark.parametrize(("count", "best", "paid"), [(7, 0.5, 0.3 + 0.1), (5, 0.5, 0), (3, 0.5, -0.1), (10, 0.9, 1)])
def test_delta_is_the_corrected_form(count, best, paid):
    assert delta(passing(count), best, 0.5) == pytest.approx(paid)


@pytest.mark.parametrize(
    ("count", "best", "paid"),
    [(10, 0.9, 1), (9, 0.5, 0.8), (7, 0.5, 0.4), (6, 0.5, 0.05), (5, 0.5, -0.1), (4, 0.5, -0.3), (0, 0.9, -0.3)],
)
def test_delta_published_is_the_published_form_with_its_steps(count, best, paid):
    assert delta_published(passing(count), best, 0.5) == pytest.approx(paid)


def test_the_examples_that_came_with_the_published_form_are_not_what_it_pays():
    """From 0 to 6 of 9 it pays 0.8, and from 6 to 8 of 9 it pays 0.444."""
    nine = [Marks((), tuple(place < count for place in range(9))) for count in range(10)]
    assert delta_published(nine[6], nine[0].share, 0.0) == pytest.approx(0.8)
    assert delta_published(nine[8], nine[6].share, 0.0) == pytest.approx(4 / 9)


def test_pass_rates_add_up_to_the_part_that_was_put_right():
    first = passing(2).share
    best, total = first, 0.0
    for count in (1, 4, 3, 4, 8, 2, 10):
        total += pass_rate(passing(count), best, first)
        best = max(best, passing(count).share)
    assert total == pytest.approx(1)


def test_pass_rate_pays_nothing_for_falling_and_rising_again():
    best = passing(6).share
    assert [pass_rate(passing(count), best, 0.2) for count in (3, 6, 3, 6)] == [0, 0, 0, 0]


def test_a_program_that_was_right_from_the_beginning_is_paid_for_being_right():
    assert pass_rate(ALL, 1.0, 1.0) == 1
    assert pass_rate(passing(9), 1.0, 1.0) == 0


def test_all_rewards_are_bounded_and_finite_and_pay_the_most_for_a_right_program():
    for name, reward in REWARDS.items():
        for best in (0.0, 0.25, 0.9, 1.0):
            found = [reward(passing(count), best, best) for count in range(11)]
            assert all(math.isfinite(value) and -1 <= value <= 1 for value in found), name
            assert max(found) == found[10] == pytest.approx(1), name


def test_parts_are_all_rewards_by_name():
    assert parts(ALL, 0.5, 0.5) == dict.fromkeys(REWARDS, 1.0)
