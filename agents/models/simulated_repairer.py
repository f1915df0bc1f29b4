"""A repairer that is right as often as declared: for experiments on cost and on weak and strong models.

It looks the answer up in the problem's references, which no model could; every reply says `simulated`.

Promises: right with the declared chance, and correlated over the questions about one problem as declared; a
wrong answer is one of the problem's known wrong programs, or the program as it was. Does not promise to try.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from agents.models.chat import Message
from agents.models.faults import ModelRefused
from agents.models.mistakes import answer_of
from agents.models.scripted import Scripted, fence
from agents.models.tasks import RepairTask


class SimulatedRepairer(Scripted):
    """Answers with a reference, or with a mistake."""

    def write(self, messages: Sequence[Message], rng: Random) -> str:
        """A program in a fence."""
        task = self.task_of(messages, RepairTask)
        if task is None or task.problem is None or not task.problem.references:
            raise ModelRefused(
                f"{self.name}: simulates repairs of problems with references, and the messages carry no RepairTask "
                "with such a problem; use a model that reads, or model=embedded"
            )
        problem = task.problem
        wrong = [program.source for program in problem.wrong] or [task.patient.program]
        right = rng.choice(problem.references).source
        question = f"{self.identity} {problem.id}"
        return fence(answer_of(right, question, self.declared, rng, lambda value, source: source.choice(wrong)))
