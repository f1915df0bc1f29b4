"""A small environment for what all environments share, in sandboxes without programs, which answer or fail at will."""

import numpy as np
import pytest
from gymnasium.spaces import Dict, Discrete

import envs  # noqa: F401  (registers the ids)
from envs.asking import Run
from envs.episode import TextEnv, Turn
from envs.problems import Problem
from envs.spaces import UnicodeText
from sandbox import Call, Limits, Program, Sandbox
from sandbox.shells.memory import Memory

PATIENT = Limits(cpu_s=5)


def problem(name):
    return Problem(id=name, title=name, statement="S", kind="function", family="lists", difficulty=1, entry="f")


class Guess(TextEnv):
    """Guess a number that is drawn; the sandbox is asked for 7 each time."""

    def __init__(self, most=9, **keywords):
        super().__init__(problems=[problem("one"), problem("two"), problem("three")], **keywords)
        self.most, self.number = most, 0
        self.observation_space = Dict({"problem": UnicodeText(20), "said": Discrete(8)})
        self.action_space = Discrete(10)
        self.said = 0

    def starting(self, options):
        chosen = self.pick_problem(options)
        number = self.random().randrange(self.most)
        yield [Run(Program("", "f"), [Call((number,))], PATIENT)]
        self.problem, self.number, self.said = chosen, number, 0
        return {"number": number}

    def stepping(self, action):
        [[outcome]] = yield [Run(Program("", "f"), [Call((int(action),))], PATIENT)]
        self.said = outcome.value
        right = int(action) == self.number
        return Turn(float(right), {"right": float(right)}, "solved" if right else "attempts" if action == 9 else "")

    def observation(self):
        return {"problem": self.problem.id, "said": np.int64(self.said)}

    def picture(self):
        return f"the number is {self.number}"


@pytest.fixture(scope="session")
def guessing():
    """The class of the small environment."""
    return Guess


@pytest.fixture
def answering():
    with Sandbox(Memory(lambda body: b"7"), 1, cache_mb=0) as opened:
        yield opened


@pytest.fixture
def failing():
    with Sandbox(Memory(lambda body: b"7", refuse=10**6), 1, cache_mb=0) as opened:
        yield opened
