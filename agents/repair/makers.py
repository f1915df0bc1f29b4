"""Who makes the next program: a model, or the embedded search.

Promises: what comes back is a text that may be a program, or the reason why there is none; nothing is run but
in the sandbox. A maker sees the shown tests and the selection through a `Patient`, never hidden cases.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Protocol

from agents.models import ChatModel, Reply, Sampling
from agents.repair.judging import Court
from agents.repair.policies import Step
from agents.repair.prompts import repair_prompt, write_prompt
from agents.repair.tree import Tree
from envs import text
from envs.problems import Problem
from envs.repairer.patient import Patient
from envs.repairer.strategies import STRATEGIES


@dataclass(frozen=True)
class Made:
    """What an attempt gave."""

    source: str | None
    """The program; None when there is none."""
    told: str = ""
    """Why there is none."""
    tried: int = 1
    """How many programs were looked at on the way."""
    text: str = ""
    """What the model said."""


class Maker(Protocol):
    """Makes programs for one problem."""

    async def make(self, problem: Problem, tree: Tree, step: Step, known: set[str], left: int, told: str) -> Made:
        """A new program from that of the step."""
        ...

    async def write(self, problem: Problem, n: int, first: int) -> list[Made]:
        """First programs, where none was given."""
        ...


class ModelMaker:
    """Asks a model."""

    def __init__(self, model: ChatModel, sampling: Sampling, first: Sampling) -> None:
        self.model, self.sampling, self.first = model, sampling, first

    async def make(self, problem: Problem, tree: Tree, step: Step, known: set[str], left: int, told: str) -> Made:
        patient = patient_of(problem, tree, step, known)
        prompt = repair_prompt(problem, tree, step.node, step.strategy, left, patient, told, step.plain)
        # Its own number makes each attempt a draw of its own, even where the prompt is the same.
        [reply] = await self.model.complete(prompt, self.sampling.only(tree.attempts))
        return read(reply, step.node.source, problem.entry)

    async def write(self, problem: Problem, n: int, first: int) -> list[Made]:
        replies = await self.model.complete(write_prompt(problem), self.first.only(first, n))
        return [read(reply, "", problem.entry) for reply in replies]


class SearchMaker:
    """Searches over edits, all strategies in turn; one attempt is the whole search."""

    def __init__(self, court: Court, seconds: float) -> None:
        self.court, self.seconds = court, seconds

    async def make(self, problem: Problem, tree: Tree, step: Step, known: set[str], left: int, told: str) -> Made:
        from envs.repairer.repair import repairing

        began = time.monotonic()
        patient = patient_of(problem, tree, step, known)
        found = await self.court.settle(repairing(patient, STRATEGIES, lambda: time.monotonic() - began > self.seconds))
        return Made(found.source, "" if found.solved else "no edit passes all tests", found.tried)

    async def write(self, problem: Problem, n: int, first: int) -> list[Made]:
        raise ValueError(
            f"{problem.id}: model=embedded repairs and cannot write; give a program, or take another model"
        )


def patient_of(problem: Problem, tree: Tree, step: Step, known: set[str]) -> Patient:
    """What a repairer may know."""
    patient = Patient.of(problem, step.node.source, tree.shown)
    return replace(patient, selection=problem.selection, tried=known)


def read(reply: Reply, current: str, entry: str) -> Made:
    """The program of a reply, whole or as a diff."""
    found = text.read_change(reply.text, current, entry)
    if isinstance(found, str):
        return Made(found, text=reply.text)
    cut = "; the answer was cut off at max_tokens" if reply.finish == "length" else ""
    return Made(None, f"{found.reason}{cut}", text=reply.text)
