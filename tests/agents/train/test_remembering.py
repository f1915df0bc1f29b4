"""A repairer who remembers makes the same attempt for everybody, and tells each patient what was tried."""

from __future__ import annotations

import random

import pytest

from agents.remembering import RememberingRepairer, fingerprint
from envs.problems import Case
from envs.repairer.patient import Attempt, Patient


class Gambler:
    """A repairer whose attempts depend on luck alone."""

    def __init__(self):
        self.asked = 0

    def attempt(self, state, strategy, rng):
        self.asked += 1
        number = rng.randrange(10**9)
        state.tried.update({f"{strategy} {number}", "another"})
        return Attempt(f"{strategy} {number}", 2, (True,))
        yield []


def patient(program="def f(): pass", tried=()):
    return Patient(program, [Case((1,), 2)], "f", tried=set(tried))


def attempt(repairer, state, strategy="default", seed=0):
    asking = repairer.attempt(state, strategy, random.Random(seed))
    with pytest.raises(StopIteration) as end:
        next(asking)
    return end.value.value


def test_who_asks_and_when_does_not_matter():
    inner = Gambler()
    repairer = RememberingRepairer(inner)
    first = attempt(repairer, patient(), seed=1)
    assert attempt(repairer, patient(), seed=2) == first
    assert (inner.asked, repairer.asked) == (1, 2)
    assert attempt(RememberingRepairer(Gambler()), patient(), seed=3) == first


def test_another_strategy_program_or_past_is_another_attempt():
    repairer = RememberingRepairer(Gambler())
    found = {
        attempt(repairer, state, strategy).source
        for state, strategy in [
            (patient(), "default"),
            (patient(), "syntax_check"),
            (patient("other"), "default"),
            (patient(tried={"x"}), "default"),
        ]
    }
    assert len(found) == 4


def test_a_remembered_attempt_tells_the_patient_what_was_tried_too():
    repairer = RememberingRepairer(Gambler())
    one, other = patient(), patient()
    attempt(repairer, one)
    attempt(repairer, other)
    assert other.tried == one.tried != set()


def test_the_order_of_what_was_tried_does_not_matter():
    one, other = patient(tried=["a", "b", "c"]), patient(tried=["c", "b", "a"])
    assert fingerprint(one, "default") == fingerprint(other, "default")
