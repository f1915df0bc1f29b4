"""Choosing bugs: even over the tiers, the same for the same seed."""

from collections import Counter

import pytest

from envs.problems.bugs import TIERS, Bug, choose_bugs, tier_of

RATES = {"easy": 80, "medium": 20, "hard": 4, "extreme": 1}


def bug(number, tier, operator="boundary"):
    vector = (1 << RATES[tier]) - 1
    return Bug(f"p-{number}", f"x = {number}\n", "x = 0\n", (operator,), (1,), "wrong", vector, 100, 0)


BUGS = [bug(number, tier, ("boundary", "range-end")[number % 2]) for tier in TIERS for number in range(10)]


@pytest.mark.parametrize(
    ("rate", "tier"),
    [
        (1, "easy"),
        (0.5, "easy"),
        (0.49, "medium"),
        (0.1, "medium"),
        (0.099, "hard"),
        (0.02, "hard"),
        (0.019, "extreme"),
    ],
)
def test_tiers_begin_at_their_least_share(rate, tier):
    assert tier_of(rate) == tier


def test_choice_is_even_over_the_tiers():
    assert Counter(bug.tier for bug in choose_bugs(BUGS, 8, seed=1)) == dict.fromkeys(TIERS, 2)


def test_the_same_seed_chooses_the_same_bugs():
    assert choose_bugs(BUGS, 8, seed=1) == choose_bugs(BUGS, 8, seed=1)
    assert choose_bugs(BUGS, 8, seed=1) != choose_bugs(BUGS, 8, seed=2)


def test_tiers_and_operators_can_be_asked_for():
    chosen = choose_bugs(BUGS, 99, seed=1, tiers=["hard"], operators=["range-end"])
    assert len(chosen) == 5
    assert {(bug.tier, bug.operators) for bug in chosen} == {("hard", ("range-end",))}


def test_no_bug_is_chosen_twice():
    chosen = choose_bugs(BUGS, 99, seed=1)
    assert len(chosen) == len({id(bug) for bug in chosen}) == 40


def test_an_unknown_tier_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="'harder' is unknown; choose from easy, medium, hard, extreme"):
        choose_bugs(BUGS, 1, seed=1, tiers=["harder"])


def test_only_drawn_inputs_count_for_the_rate():
    probe = Bug("p", "a\n", "b\n", ("human",), (), "wrong", 1 << 100, 100, 100)
    assert probe.rate == 0
    assert probe.tier == "extreme"
    assert probe.kills(100)
    assert not probe.kills(99)
