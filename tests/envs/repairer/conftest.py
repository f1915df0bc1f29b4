"""One sandbox for all tests of the repairer, and small patients."""

import pytest

from envs.asking import settle
from envs.problems import Case
from envs.repairer import Patient
from envs.repairer.neighbourhood import neighbourhood
from envs.repairer.search import PATIENT, begun
from envs.repairer.trial import Exam, tried
from sandbox import open_sandbox


@pytest.fixture(scope="session")
def box():
    with open_sandbox("auto", workers=2) as opened:
        yield opened


@pytest.fixture
def patient():
    """Makes a patient from a program, its entry, and pairs of arguments and answers."""

    def make(program, *pairs, entry="solve", **fields):
        tests = tuple(Case(args if isinstance(args, tuple) else (args,), answer) for args, answer in pairs)
        return Patient(program, tests, entry, **fields)

    return make


@pytest.fixture
def candidates(box):
    """The patient that a wrong `solve` is, and what one rule that rebuilds makes of it: at least one program."""

    def make(rule, program, cases):
        patient = Patient(program, [Case(*case) for case in cases], "solve", statement="No limit, but 10, 9 and 0.")
        start = settle(begun(patient, program), box).start
        assert not all(start.passed)
        found = [each for each in neighbourhood(start, depth=3) if each.rule == rule]
        assert found
        return patient, found

    return make


@pytest.fixture
def mends(box, candidates):
    """Whether a rule makes a program right; all that it makes of it must be programs."""

    def check(rule, program, cases):
        patient, found = candidates(rule, program, cases)
        for each in found:
            compile(each.source, rule, "exec")
        marks = settle(tried(Exam.of(patient, patient.tests, patience=PATIENT), [each.source for each in found]), box)
        return any(all(mark) for mark in marks)

    return check
