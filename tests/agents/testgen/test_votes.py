"""Votes, and what agreement means."""

import random

import pytest

from agents.models.mistakes import answer_of, spoilt
from agents.models.scripted import Declared
from agents.testgen import Calibration, tally
from agents.testgen.votes import read_calibration


def test_the_seeds_shares():
    assert [tally([1, 2, 3]).share, tally([1, 1, 3]).share, tally([1, 1, 1]).share] == pytest.approx([1 / 3, 2 / 3, 1])
    assert not tally([1, 2, 3]).passes(0.5)
    assert tally([1, 1, 3]).passes(0.5)


def test_the_answer_is_what_most_say_and_not_what_the_first_says():
    result = tally([7, 8, 8])
    assert (result.value, result.first, result.agreeing) == (8, 7, 2)


def test_a_tie_is_no_agreement():
    assert not tally([1, 1, 2, 2]).passes(0.5)
    assert tally([1, 1, 2, 3]).passes(0.5)


def test_unreadable_votes_stay_in_the_denominator():
    assert tally([1], unreadable=2).share == pytest.approx(1 / 3)
    assert not tally([1], unreadable=2).passes(0.5)
    assert not tally([], unreadable=3).passes(0.0)


def test_true_is_not_one_and_a_list_is_no_tuple():
    assert tally([True, 1]).tied
    assert tally([[1], (1,)]).tied
    assert tally([1, 1.0]).tied


def test_printed_answers_are_the_same_when_their_lines_are():
    assert tally(["3 \n4\n\n", "3\n4"], printed=True).agreeing == 2
    assert tally(["3 ", "3"]).agreeing == 1


def test_one_answer_alone_has_no_certainty():
    """The seed gave confidence 1.0 to everything when nothing was checked."""
    calibration = Calibration()
    assert calibration.confidence(1, 1) == 0.5
    assert calibration.confidence(3, 3) == 0.75
    assert calibration.confidence(3, 2) == 0.5
    assert max(calibration.confidence(votes, votes) for votes in range(1, 50)) < 1


def test_a_calibration_learns_what_agreement_means():
    calibration = Calibration()
    for number in range(200):
        calibration.observe(3, 3, number % 10 != 0)
    assert calibration.confidence(3, 3) == pytest.approx(0.9, abs=0.01)
    assert calibration.confidence(3, 2) == 0.5, "what was not seen stays a guess"
    again = Calibration.of_state(calibration.state())
    assert again == calibration
    assert again.merged(calibration).seen[3, 3] == (360, 400)


def test_a_file_that_is_no_calibration_is_named(tmp_path):
    assert read_calibration(tmp_path / "new.json") == Calibration()
    (tmp_path / "bad.json").write_text("{}")
    with pytest.raises(ValueError, match=r"bad\.json"):
        read_calibration(tmp_path / "bad.json")


def precision(accuracy, correlation, votes=3, inputs=1500):
    """Of the answers kept at one half, the share that is right."""
    rng, declared = random.Random(1), Declared(accuracy, correlation)
    results = [
        tally([answer_of([5, 9, 2, number], str(number), declared, rng, spoilt) for _ in range(votes)])
        for number in range(inputs)
    ]
    kept = [result.value == [5, 9, 2, number] for number, result in enumerate(results) if result.passes(0.5)]
    return sum(kept) / len(kept)


def test_agreement_is_worth_as_much_as_the_independence_of_the_votes():
    """The reference's simulation: independent votes save a coin-flipper, shared mistakes do not."""
    assert precision(0.5, 0.0) > 0.85
    assert 0.45 < precision(0.5, 0.9) < 0.6
    assert precision(0.5, 1.0) == pytest.approx(0.5, abs=0.03)
    assert precision(0.25, 0.9) < 0.3


def test_more_votes_help_when_they_are_independent_and_not_when_they_are_one():
    assert precision(0.6, 0.0, votes=7) > precision(0.6, 0.0, votes=3) > 0.9
    assert precision(0.6, 1.0, votes=7) == pytest.approx(precision(0.6, 1.0, votes=3), abs=0.001)
