"""A sandbox, a model that says what it is told to, and a small file of programs."""

from __future__ import annotations

import json
import sys

import pytest

from agents.models import Reply
from agents.repair.__main__ import main
from agents.repair.judging import Court
from agents.repair.loop import Kit
from agents.repair.makers import ModelMaker
from agents.repair.metering import Metered
from agents.repair.policies import make_policy
from agents.repair.settings import PolicySettings, RepairSettings, TestsSettings

WRONG = "def half(n):\n    return n // 3\n"
BETTER = "def half(n):\n    return n // 2 if n < 30 else 0\n"
RIGHT = "def half(n):\n    return n // 2\n"
CASES = [{"args": [n], "expected": n // 2} for n in (4, 6, 9, 0, 1, 100, 31, 50, 8)]


@pytest.fixture(scope="session")
def box():
    from sandbox import open_sandbox

    with open_sandbox("auto", workers=2) as opened:
        yield opened


class Says:
    """A ChatModel that gives its answers one after the other, the last one for ever; an exception is raised."""

    def __init__(self, *answers, price=0.0):
        self.name, self.answers, self.price = "says", list(answers), price
        self.prompts, self.samplings = [], []

    async def complete(self, messages, sampling):
        self.prompts.append("\n".join(message["content"] for message in messages))
        self.samplings.append(sampling)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return [Reply(f"```python\n{answer}\n```", cost_usd=self.price) for _ in range(sampling.n)]


@pytest.fixture
def says():
    return Says


@pytest.fixture
def kit(box):
    """Makes what the loop needs, around a model; call it inside the event loop."""

    def make(model, policy="fixed", **changes):
        import asyncio

        from agents.models import Sampling

        settings = RepairSettings(policy=PolicySettings(kind=policy), tests=TestsSettings(source="visible"))
        for name, value in changes.items():
            setattr(settings, name, value)
        maker = ModelMaker(Metered(model, asyncio.Semaphore(4)), Sampling(), Sampling())
        return Kit(settings, Court(box, 8), maker, make_policy(settings.policy, 0))

    return make


@pytest.fixture
def programs(tmp_path):
    """A file with three programs: two that can be repaired, and one that cannot."""
    records = [
        {"id": "half", "entry": "half", "program": WRONG, "statement": "Half of n, rounded down.", "cases": CASES},
        {"id": "next", "entry": "f", "program": "def f(n):\n    return n - 1\n",
         "cases": [{"args": [n], "expected": n + 1} for n in range(9)]},
        {"id": "odd", "entry": "g", "program": "def g(n):\n    return 0\n",
         "cases": [{"args": [n], "expected": (n * 7919 + 13) % 101} for n in range(9)]},
    ]  # fmt: skip
    path = tmp_path / "programs.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


@pytest.fixture
def task(programs):
    from agents.repair.tasks import tasks_in_file

    return tasks_in_file(programs)[0]


@pytest.fixture(scope="session")
def programs_of():
    """The three versions of `half`: wrong, better and right."""
    return WRONG, BETTER, RIGHT


@pytest.fixture
def command(monkeypatch):
    """Runs the command in this process."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["repair"])
        return main(arguments)

    return run


@pytest.fixture
def librarybench(tmp_path):
    """A solutions file of two models."""
    path = tmp_path / "solutions.json"
    row = {
        "problem": "Read a number and print the next one.",
        "input_output": {"inputs": [f"{n}\n" for n in range(9)], "outputs": [f"{n + 1}\n" for n in range(9)]},
        "claude_solution": "Here:\n```python\nprint(int(input()) - 1)\n```",
        "o3_mini_solution": "print(int(input()) + 1)",
    }
    path.write_text(json.dumps([row]))
    return path
