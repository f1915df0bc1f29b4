"""A problem with references, one without a grammar, and a model that says what it is told."""

import asyncio

import pytest

from agents.models import Reply, Usage
from agents.testgen import Settings, TestGenerator
from envs.boxes import shared_box
from envs.problems import Case, Problem, load_suite


@pytest.fixture(scope="session")
def box():
    return shared_box("auto")


@pytest.fixture(scope="session")
def mountain():
    """A problem over one list, with a grammar."""
    return load_suite(ids=["longest_mountain"])[0]


@pytest.fixture
def foreign():
    """A problem as a stranger brings it: a statement, a signature and one example."""
    return Problem(
        "foreign", "Largest", "Return the largest item of the list nums.", "function", "foreign", 1,
        entry="largest", signature="def largest(nums: list[int]) -> int", visible=(Case(([3, 9, 2],), 9),),
        unproved=("references", "grammar", "wrong", "cases"),
    )  # fmt: skip


class Told:
    """A model that answers each step of test generation as a function says; it keeps what it was asked."""

    def __init__(self, say, name="told"):
        self.name = name
        self.say = say
        self.asked = []

    async def complete(self, messages, sampling):
        task = messages.task
        replies = []
        for sample in sampling.samples:
            self.asked.append((task.step, messages, sample))
            said = self.say(task, messages, sample)
            if isinstance(said, BaseException):
                raise said
            replies.append(Reply(said, Usage(10, 5), 0.001, 0.1))
        return replies

    def steps(self, step):
        return [each for each in self.asked if each[0] == step]


@pytest.fixture
def told():
    return Told


@pytest.fixture
def make():
    """Makes a suite."""

    def make(model, problem, code="", store=None, calibration=None, box=None, **settings):
        generator = TestGenerator(model, Settings(**settings), store, calibration, box)
        return asyncio.run(generator.suite(problem, code))

    return make
