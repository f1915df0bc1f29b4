"""A repairer who remembers makes the same attempt for everybody; endless programs are run once."""

from __future__ import annotations

import random

import pytest

from agents.remembering import Endless, RememberingRepairer, fingerprint
from envs.asking import Judge
from envs.problems import Case
from envs.repairer.patient import Attempt, Patient
from sandbox import Call, Judgement, Limits, Outcome, Program, Report, SandboxFault, Verdict


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


def asking_about(*sources):
    """Asks whether each program passes two cases, all at once, and returns the reports."""
    cases = [Call((1,), expected=2), Call((2,), expected=3)]
    return (yield [Judge(Program(source, "f"), cases, None, Limits()) for source in sources])


def drive(asking, answer):
    """Answers what is asked; returns the result and what was asked."""
    asked = []
    try:
        asks = next(asking)
        while True:
            asked += [ask.program.source for ask in asks]
            asks = asking.send([answer(ask) for ask in asks])
    except StopIteration as end:
        return end.value, asked


def report(ask):
    verdict = Verdict.TIMEOUT if "while True" in ask.program.source else Verdict.WRONG
    return Report(tuple(Judgement(verdict, Outcome(verdict)) for _ in ask.cases), 2, "test")


def test_a_program_that_never_ends_is_run_once():
    endless, sources = Endless(), ("while True: pass", "def f(x): return x")
    first, asked = drive(endless.sparing(asking_about(*sources)), report)
    again, asked_again = drive(endless.sparing(asking_about(*sources)), report)
    assert asked == list(sources)
    assert asked_again == [sources[1]], "the sandbox remembers the others itself"
    assert again == first


def test_when_everything_is_known_nothing_is_asked():
    endless = Endless()
    drive(endless.sparing(asking_about("while True: pass")), report)
    assert drive(endless.sparing(asking_about("while True: pass")), report)[1] == []


def test_other_cases_of_an_endless_program_are_judged_anew():
    def fewer(source):
        return (yield [Judge(Program(source, "f"), [Call((1,), expected=2)], None, Limits())])

    endless = Endless()
    drive(endless.sparing(asking_about("while True: pass")), report)
    assert drive(endless.sparing(fewer("while True: pass")), report)[1] == ["while True: pass"]


def test_a_fault_reaches_whoever_asked():
    def catching():
        try:
            yield from asking_about("x")
        except SandboxFault:
            return "caught"

    asking = Endless().sparing(catching())
    next(asking)
    with pytest.raises(StopIteration) as end:
        asking.throw(SandboxFault("a worker died"))
    assert end.value.value == "caught"
