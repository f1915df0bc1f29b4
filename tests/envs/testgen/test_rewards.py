"""The arithmetic of the rewards of test writers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envs.testgen.rewards import FLOOR, FULL, attack, check_weights, learnability, paid, total


@given(st.booleans(), st.integers(0, 50), st.integers(1, 50))
def test_every_part_lies_between_the_floor_and_the_full_pay(correct, newly, alive):
    newly = min(newly, alive)
    for part in (paid(correct), attack(correct, newly, alive)):
        assert FLOOR <= part <= FULL


@given(st.integers(0, 50), st.integers(1, 50))
def test_a_wrong_test_is_never_paid_for_an_attack(newly, alive):
    assert attack(False, newly, alive) == FLOOR


def test_an_attack_on_several_programs_pays_their_share():
    assert attack(True, 3, 4) == 0.75
    assert attack(True, 1, 1) == FULL
    assert attack(True, 0, 4) == FLOOR


@given(st.dictionaries(st.sampled_from(["format", "accuracy", "attack"]), st.floats(0.01, 100), min_size=1))
def test_whatever_the_weights_a_step_earns_between_the_floor_and_the_full_pay(weights):
    found = check_weights(weights)
    assert total(dict.fromkeys(found, FULL), found) == pytest.approx(FULL)
    assert total(dict.fromkeys(found, FLOOR), found) == pytest.approx(FLOOR)


def test_equal_weights_are_the_default():
    assert check_weights(None) == pytest.approx({"format": 1 / 3, "accuracy": 1 / 3, "attack": 1 / 3})


@pytest.mark.parametrize(
    ("weights", "told"),
    [
        ({"atack": 1}, "did you mean 'attack'"),
        ({"attack": -1}, "not negative"),
        ({"attack": True}, "give a number"),
        ({"attack": 0}, "pays for nothing"),
        ({"attack": float("nan")}, "not negative"),
    ],
)
def test_weights_that_mean_nothing_are_refused_with_a_hint(weights, told):
    with pytest.raises(ValueError, match=told):
        check_weights(weights)


def test_what_is_never_or_always_exposed_teaches_nothing():
    assert learnability(0.0) == learnability(1.0) == 0.0
    assert learnability(0.5) == 1.0
    assert learnability(0.1) == pytest.approx(learnability(0.9))
