"""One sandbox for all tests of the repairer, and small patients."""

import pytest

from envs.problems import Case
from envs.repairer import Patient
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
