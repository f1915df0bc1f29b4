"""A language model that carries out the strategies of `Repair-Strategy-v0`, in the place of the embedded search.

    gymnasium.make("Repair-Strategy-v0", repairer=ModelRepairer("gpt-4o-mini"))

Promises: the model is told what a patient holds (statement, program, tests) and what happened in the tests, never a
selection case; one attempt is one reply; many environments of a vector ask at the same time. What is no better than the
program as it is does not take its place. A model that cannot be asked is a fault of the machine; a spent budget is a
`ValueError`. Does not promise to ask the same twice: a second attempt at the same program is a draw of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from agents.models import ChatModel, Prompt, Reply, Sampling, open_model
from agents.models.line import Line, Question
from agents.repair.prompts import PICKED, patient_prompt
from envs import text
from envs.asking import Asking
from envs.repair.patience import marks, whole
from envs.repairer.patient import Attempt, Patient
from envs.repairer.strategies import check_strategy
from sandbox import Report

Told = Callable[[Reply], None]
"""Is told of every reply as it comes, in the thread that asks."""


class ModelRepairer:
    """Asks a model for a repair."""

    def __init__(
        self,
        model: str | Mapping[str, Any] | ChatModel,
        sampling: Sampling | None = None,
        told: Told = lambda reply: None,
    ) -> None:
        self.model = open_model(model)
        self.sampling = sampling or Sampling(seed=0)
        self._told, self._line = told, Line(self.model)

    def __deepcopy__(self, memo: dict[int, Any]) -> ModelRepairer:
        return self  # Gymnasium copies keywords

    def close(self, wait_s: float = 0.0) -> None:
        """Ends what is open, after some time in which answers may still come."""
        self._line.close(wait_s)

    def attempt(self, state: Patient, strategy: str, rng: Random) -> Asking[Attempt]:
        """One reply, judged."""
        check_strategy(strategy)
        before = yield from _marked(state, state.program)
        prompt = patient_prompt(state, strategy, {"feedback": before.told})
        [reply] = yield [self._question(prompt, len(state.tried))]
        source = text.read_change(reply.text, state.program, state.entry)
        if not isinstance(source, str):
            return Attempt(state.program, 0, before.tests, f"no program: {source.reason}")
        state.tried.add(source)
        after = yield from _marked(state, source)
        if after.rank > before.rank:
            return Attempt(source, 1, after.tests, f"{self.model.name}: {strategy}")
        return Attempt(state.program, 1, before.tests, f"{self.model.name}: {strategy}, nothing better")

    def _question(self, prompt: Prompt, draw: int) -> Question:
        words = repr([(message["role"], message["content"]) for message in prompt])
        name = hashlib.sha256(words.encode("utf-8", "surrogatepass")).digest(), draw
        return Question(self._line, name, lambda: prompt, replace(self.sampling, n=1, first_sample=draw), self._only)

    def _only(self, replies: Sequence[Reply]) -> Reply:
        self._told(replies[0])
        return replies[0]


@dataclass(frozen=True)
class _Marked:
    """What a program passes."""

    tests: tuple[bool, ...]
    selection: tuple[bool, ...]
    told: str
    """The feedback."""

    @property
    def rank(self) -> tuple[int, int]:
        """What decides between programs in an episode, too: the selection, and then the tests."""
        return sum(self.selection), sum(self.tests)


def _marked(state: Patient, source: str) -> Asking[_Marked]:
    """Judges a program; one that runs into its time limit is not waited for again."""
    splits = [state.tests, state.selection]
    asks = [replace(state.judge(source, cases), stop_at_first_timeout=True) for cases in splits if cases]
    reports = iter((yield asks))
    tests, selection = (whole(next(reports), len(cases)) if cases else Report((), 0) for cases in splits)
    told = text.feedback(state.tests, tests.judgements, state.kind, state.entry)
    if all(marks(tests)):
        told = "" if all(marks(selection)) else PICKED
    return _Marked(marks(tests), marks(selection), told)
