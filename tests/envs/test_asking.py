"""Askings: generators that put questions to the sandbox, one alone or many at once."""

import threading
import time
from concurrent.futures import Future

import pytest

from envs.asking import Judge, Run, settle, settle_all
from sandbox import Call, Checker, Limits, Program, Sandbox, SandboxFault, Verdict
from sandbox.shells.memory import Memory

PROGRAM = Program("", "solve")
QUICK = Limits(cpu_s=0.01, wall_s=0.01)


def says(answer):
    """A sandbox without programs: a worker that answers everything alike."""
    return Sandbox(Memory(lambda body: answer), 2, cache_mb=0)


def broken():
    """A sandbox whose workers never start."""
    return Sandbox(Memory(lambda body: b"7", refuse=10**6), 1, cache_mb=0)


def adding(rounds):
    """Asks so many times, and adds up the answers."""
    total = 0
    for _ in range(rounds):
        [[outcome], report] = yield [
            Run(PROGRAM, [Call((1,))], QUICK),
            Judge(PROGRAM, [Call((1,), expected=7)], None, QUICK),
        ]
        assert report.verdicts == (Verdict.PASS,)
        total += outcome.value
    return total


def test_answers_come_in_the_order_of_the_questions():
    with says(b"7") as box:
        assert settle(adding(3), box) == 21


def test_an_asking_without_questions_is_settled_without_the_sandbox():
    with broken() as box:
        assert settle(adding(0), box) == 0


def test_many_askings_of_different_length_are_settled_in_order():
    with says(b"7") as box:
        assert settle_all([adding(rounds) for rounds in (3, 0, 5, 1)], box) == [21, 0, 35, 7]
        assert settle_all([], box) == []


def test_a_fault_is_raised_for_one_and_returned_for_many():
    with broken() as box:
        with pytest.raises(SandboxFault):
            settle(adding(1), box)
        fault, fine = settle_all([adding(1), adding(0)], box)
    assert isinstance(fault, SandboxFault)
    assert fine == 0


def test_an_asking_may_catch_a_fault_and_go_on():
    def careful():
        try:
            yield [Run(PROGRAM, [Call((1,))], QUICK)]
        except SandboxFault:
            return "went on"

    with broken() as box:
        assert settle(careful(), box) == "went on"


def test_an_error_of_the_caller_is_raised():
    def careless():
        yield [Judge(PROGRAM, [], None, QUICK)]

    with says(b"7") as box, pytest.raises(ValueError, match="at least one case"):
        settle(careless(), box)


def test_who_is_not_settled_in_time_gets_a_fault_and_the_others_their_answers():
    def slow(body):
        time.sleep(0.6 if b"slow" in body else 0)
        return b"7"

    def ask(word):
        [[outcome]] = yield [Run(PROGRAM, [Call((word,))], Limits(cpu_s=5))]
        return outcome.value

    with Sandbox(Memory(slow), 2, cache_mb=0) as box:
        late, early = settle_all([ask("slow"), ask("quick")], box, timeout_s=0.3)
    assert isinstance(late, SandboxFault)
    assert "in time" in str(late)
    assert early == 7


@pytest.mark.parametrize("compare", [None, Checker("def check(given, output, expected): return True")])
def test_what_was_not_begun_for_an_asking_that_is_given_up_on_is_never_run(compare):
    """Else the next step would wait for it: a vector would not recover from one slow step."""
    gate, seen = threading.Event(), []

    def script(body):
        seen.append(body)
        gate.wait(5)
        return b"true" if b"said" in body else b'"said"'  # a checker is told what was answered

    def ask(number):
        [report, [outcome]] = yield [
            Judge(PROGRAM, [Call((number,), expected="said")], compare, Limits(cpu_s=5)),
            Run(PROGRAM, [Call((-number,))], Limits(cpu_s=5)),
        ]
        return report.passed, outcome.value

    with Sandbox(Memory(script), 1, cache_mb=0) as box:
        late = settle_all([ask(number) for number in range(1, 9)], box, timeout_s=0.02)
        gate.set()
        assert settle(ask(9), box) == (1, "said")
    assert all(isinstance(each, SandboxFault) for each in late)
    assert len(seen) <= 5, "what was under way, what was sent ahead, and the two or three of the last asking"


def test_an_answer_that_others_wait_for_outlives_who_gave_it_up():
    """A model is asked once under one name, however many wait for what it says."""

    class Shared:
        future = Future()

        def put(self, box):
            return self.future

    def ask():
        [answer] = yield [Shared()]
        return answer

    with says(b"7") as box:
        [late] = settle_all([ask()], box, timeout_s=0.01)
        assert isinstance(late, SandboxFault)
        Shared.future.set_result("said")
        assert settle(ask(), box) == "said"
