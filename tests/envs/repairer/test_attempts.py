"""One attempt of the embedded repairer: bounded, new each time, the same for the same random source, and blind."""

import random

import pytest

from envs.asking import Run, settle
from envs.repairer import STRATEGIES, EmbeddedRepairer
from sandbox import Call, Program

RIGHT = """\
def solve(nums, low):
    total = 0
    for num in nums:
        if num >= low:
            total += num
    return total
"""
PAIRS = (([3, 8, 5], 5), 13), (([], 1), 0), (([4, 4], 4), 8), (([-2, 7], -5), 5)
STRICT = RIGHT.replace(">=", ">")
"""Wrong where a number is just at the limit: on two tests of four."""
UNPARSED = RIGHT.replace("nums:", "nums").replace("return", "retrun")


def overheard(asking, asks):
    """The same asking, all whose questions are noted."""
    answers = None
    while True:
        try:
            batch = asking.send(answers)
        except StopIteration as end:
            return end.value
        asks.extend(batch)
        answers = yield batch


def attempted(box, who, strategy="default", seed=0, width=40, asks=None):
    asking = EmbeddedRepairer(width).attempt(who, strategy, random.Random(seed))
    return settle(overheard(asking, [] if asks is None else asks), box)


def programs(asks, who):
    """The programs that were tried on all tests of a patient, in order."""
    inputs = [case.args for case in who.tests]
    runs = [ask for ask in asks if isinstance(ask, Run) and ask.program.entry == "trial"]
    return [call.args[0] for ask in runs for call in ask.inputs if call.args[2] == inputs]


@pytest.mark.parametrize("width", [1, 7, 40])
def test_no_more_programs_are_tried_than_the_width_allows(box, patient, width):
    who, asks = patient(STRICT, *PAIRS), []
    attempt = attempted(box, who, width=width, asks=asks)
    sources = programs(asks, who)
    assert attempt.tried == len(sources) == width
    assert who.tried == {STRICT, *sources}


def test_no_program_is_tried_twice_for_a_patient(box, patient):
    who, asks = patient(STRICT, *PAIRS[:1]), []
    for seed, strategy in enumerate(STRATEGIES * 2):
        attempted(box, who, strategy, seed, asks=asks)
    sources = programs(asks, who)
    assert len(sources) == len(set(sources)) > 400
    assert STRICT not in sources


def test_an_attempt_goes_around_what_others_have_tried(box, patient):
    first, asks = patient(STRICT, *PAIRS), []
    assert attempted(box, first, asks=asks).solved
    second = patient(STRICT, *PAIRS, tried=set(first.tried))
    again = []
    attempted(box, second, asks=again)
    assert len(programs(again, second)) == 40
    assert not set(programs(asks, first)) & set(programs(again, second))


def test_a_neighbourhood_that_is_used_up_is_left_alone(box, patient):
    who = patient("def solve(n):\n    return n\n", (1, 48611))
    asks = []
    while attempted(box, who, "edge_case_check", width=200, asks=asks).tried:
        pass
    sources = programs(asks, who)
    assert len(sources) == len(set(sources)) > 0
    attempt = attempted(box, who, "edge_case_check")
    assert (attempt.source, attempt.tried, attempt.passed) == (who.program, 0, (False,))
    assert attempt.note == "0 programs, none better"


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_an_attempt_never_makes_it_worse(box, patient, strategy):
    who = patient(STRICT, *PAIRS)
    attempt = attempted(box, who, strategy)
    assert who.program == STRICT
    assert sum(attempt.passed) >= 2
    report = box.judge(*judgeable(who, attempt.source))
    assert [verdict == "pass" for verdict in report.verdicts] == list(attempt.passed)


def judgeable(who, source):
    """A program of a patient and its tests, for the sandbox."""
    return Program(source, who.entry), [Call(case.args, expected=case.expected) for case in who.tests]


def test_the_strategy_whose_matter_it_is_solves_it_and_says_how(box, patient):
    attempt = attempted(box, patient(STRICT, *PAIRS), "edge_case_check")
    assert attempt.solved
    assert attempt.source == RIGHT
    assert attempt.note == "boundary on line 4 (edge_case_check): passes 4 of 4 tests"


def test_a_program_that_is_only_better_is_kept(box, patient):
    attempt = attempted(box, patient(STRICT.replace("= 0", "= 1"), *PAIRS), "step_by_step_reasoning")
    assert attempt.source == STRICT
    assert attempt.passed == (False, True, False, True)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_syntax_check_alone_mends_what_does_not_parse(box, patient, strategy):
    attempt = attempted(box, patient(UNPARSED, *PAIRS), strategy)
    if strategy == "syntax_check":
        assert attempt.solved
        assert attempt.source == RIGHT
    else:
        assert (attempt.source, attempt.tried, attempt.solved) == (UNPARSED, 0, False)


@pytest.mark.parametrize("strategy", STRATEGIES[:3])
def test_the_same_random_source_gives_the_same_attempt(box, patient, strategy):
    whos, heard = [patient(STRICT, *PAIRS) for _ in range(2)], [[], []]
    one, other = (attempted(box, who, strategy, 7, asks=asks) for who, asks in zip(whos, heard, strict=True))
    assert one == other
    assert heard[0] == heard[1]
    assert whos[0].tried == whos[1].tried


def test_another_random_source_tries_some_other_programs(box, patient):
    whos = [patient(STRICT, *PAIRS) for _ in range(2)]
    for seed, who in enumerate(whos):
        attempted(box, who, seed=seed)
    shared = whos[0].tried & whos[1].tried
    assert 30 < len(shared) < 41


def test_expected_answers_do_not_reach_a_program(box, patient):
    answers = (73460981, "a secret text"), (97531.2468, [61803398])
    pairs = [(([n], n), answer) for n, answer in enumerate(answers)]
    who, asks = patient(STRICT, *pairs), []
    for strategy in STRATEGIES:
        attempted(box, who, strategy, width=10, asks=asks)
    told = repr([ask for ask in asks if isinstance(ask, Run)])
    assert len(programs(asks, who)) > 60
    assert not [secret for secret in ("73460981", "secret", "97531.2468", "61803398") if secret in told]


def test_what_passes_everything_needs_no_repair(box, patient):
    attempt = attempted(box, patient(RIGHT, *PAIRS))
    assert (attempt.source, attempt.tried, attempt.solved) == (RIGHT, 0, True)


def test_a_program_that_passes_because_it_remembers_its_other_runs_is_not_solved(box, patient):
    counting = """\
import sys
def solve(n):
    sys.runs = getattr(sys, "runs", -1) + 1
    return [48611, 90173][sys.runs]
"""
    attempt = attempted(box, patient(counting, (1, 48611), (2, 90173)))
    assert attempt.passed == (True, False)


def test_nonsense_is_refused_with_a_hint(patient):
    with pytest.raises(ValueError, match="did you mean 'syntax_check'"):
        next(EmbeddedRepairer().attempt(patient(STRICT, *PAIRS), "syntax_chek", random.Random(0)))
    with pytest.raises(ValueError, match=r"width=0.*at least one"):
        EmbeddedRepairer(width=0)
