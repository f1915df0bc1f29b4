"""Who plays against a policy: the embedded generators, a model that is asked by API, a trained policy, or a file.

Promises: a model that writes programs is told the statement and the signature and nothing else, as ATGen's (2025)
code generator is: it tries to solve the problem, and what it gets wrong is an adversary; what it wrote for a problem
is asked for once, all samples at a time. A trained policy writes before training begins. Whatever is written
counts only as far as `envs` says: here nothing is judged. A model that cannot be asked is a fault of the machine,
which spoils that episode and no other.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from agents.llm.loading import settings_from
from agents.models.chat import ChatModel, Message, Sampling, close
from agents.models.faults import ModelError, ModelFault
from agents.testers.grading import table_of
from envs.asking import Asking
from envs.codegen.tester import GrammarTester, Tester
from envs.problems import Case, Problem
from envs.sources import guess
from envs.testgen.adversary import Adversary, BugAdversary, Scene
from envs.text import TestCase, messages, read_program, read_tests
from sandbox import Sandbox, SandboxFault

KINDS = ("embedded", "model", "policy", "script")
_SOLVE = """\
You solve programming problems in Python. {form}
Answer with the whole program in one fenced block:
```python
...
```"""
_FUNCTION = "Write a program that defines `{signature}`."
_SCRIPT = "Write a script that reads standard input and prints the answer."


@dataclass(frozen=True)
class Side:
    """What `env.adversary` or `env.tester` says."""

    kind: str = "embedded"
    model: str | Mapping[str, Any] | None = None
    path: str | None = None
    samples: int = 30
    """Programs or tests for each problem."""
    temperature: float = 1.0
    answer_ids: int = 1024
    style: str | None = None
    """How a policy is asked; None: as it was in training, or by chat."""
    cache: str | None = None
    embedded_too: bool = False
    """Whether the bug generator answers where nothing else does."""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind: {self.kind!r}; {guess(str(self.kind), KINDS)}")
        if self.kind == "model" and not self.model:
            raise ValueError("model: name the model to ask, such as gpt-4o-mini")
        if self.kind in ("policy", "script") and not self.path:
            raise ValueError(f"path: kind={self.kind} needs one; name a {'run' if self.kind == 'policy' else 'file'}")


Written = Callable[[Problem], Sequence[str]]
"""What was written for a problem: programs, or texts of tests."""


class WrittenPrograms:
    """An adversary that answers with programs that were written without knowing the tests."""

    def __init__(self, written: Written, otherwise: Adversary | None = None) -> None:
        self._written, self._otherwise = written, otherwise

    def __deepcopy__(self, memo: dict[int, Any]) -> WrittenPrograms:
        return self  # Gymnasium copies keywords

    def propose(self, scene: Scene, count: int, rng: Random) -> Asking[Sequence[str]]:
        """Those that were not refused yet, in random order; then those of the other adversary."""
        found = [source for source in dict.fromkeys(self._written(scene.problem)) if source not in scene.refused]
        some = rng.sample(found, min(count, len(found)))
        if some or self._otherwise is None:
            return some
        return (yield from self._otherwise.propose(scene, count, rng))


class WrittenTests:
    """A tester whose tests were written before."""

    def __init__(self, written: Written) -> None:
        self._written = written

    def __deepcopy__(self, memo: dict[int, Any]) -> WrittenTests:
        return self

    def propose(self, problem: Problem, count: int, rng: Random) -> Asking[Sequence[TestCase | Case]]:
        """All that can be read, in random order."""
        yield from ()
        texts = self._written(problem)
        found = [test for text in texts for test in read_tests(text, problem.kind, problem.entry, problem.signature)]
        tests = [test for test in found if isinstance(test, TestCase)]
        return rng.sample(tests, len(tests))


class Asked:
    """What a model answers about a problem, asked once."""

    def __init__(self, model: ChatModel, prompt: Callable[[Problem], list[Message]], sampling: Sampling) -> None:
        self._model, self._prompt, self._sampling = model, prompt, sampling
        self._known: dict[str, list[str]] = {}
        self._lock = threading.Lock()

    def __call__(self, problem: Problem) -> Sequence[str]:
        """All samples; the second time without asking."""
        with self._lock:
            if problem.id not in self._known:
                self._known[problem.id] = self._ask(problem)
            return self._known[problem.id]

    def _ask(self, problem: Problem) -> list[str]:
        try:
            return asyncio.run(self._complete(problem))
        except ModelFault as fault:
            raise SandboxFault(f"{self._model.name}: {fault}") from fault
        except ModelError as error:
            raise ValueError(f"{self._model.name}: {error}") from error

    async def _complete(self, problem: Problem) -> list[str]:
        try:
            replies = await self._model.complete(self._prompt(problem), self._sampling)
            return [reply.text for reply in replies]
        finally:
            await close(self._model)  # the connections of this event loop, which ends here


def solving(problem: Problem) -> list[Message]:
    """Asks for a solution: of the problem, the statement and the signature alone."""
    form = _FUNCTION.format(signature=problem.signature) if problem.kind == "function" else _SCRIPT
    system: Message = {"role": "system", "content": _SOLVE.format(form=form)}
    return [system, {"role": "user", "content": problem.statement}]


def testing(problem: Problem) -> list[Message]:
    """Asks for a test, without any program."""
    seen = {"task": "testgen", "problem": problem.statement, "signature": problem.signature, "code": ""}
    return [{"role": each["role"], "content": each["content"]} for each in messages(seen)]


def programs_in(texts: Sequence[str], problem: Problem) -> list[str]:
    """The programs of some answers; what cannot be read is left out."""
    found = [read_program(text, problem.entry) for text in texts]
    return [program for program in found if isinstance(program, str)]


def make_side(side: str, given: Mapping[str, Any], problems: Sequence[Problem], box: Sandbox | None) -> Any:
    """The adversary or tester that some settings describe."""
    try:
        settings: Side = settings_from(Side, dict(given), f"env.{side}")
    except ValueError as error:
        raise ValueError(f"env.{side}: {error}") from None
    if side == "tester":
        return _tester(settings, problems, box)
    return _adversary(settings, problems, box)


def _adversary(settings: Side, problems: Sequence[Problem], box: Sandbox | None) -> Adversary:
    if settings.kind == "embedded":
        return BugAdversary()
    texts = _written(settings, "codegen", problems, box)
    read = texts if settings.kind == "script" else lambda problem: programs_in(texts(problem), problem)
    return WrittenPrograms(read, BugAdversary() if settings.embedded_too else None)


def _tester(settings: Side, problems: Sequence[Problem], box: Sandbox | None) -> Tester:
    if settings.kind == "embedded":
        return GrammarTester()
    return WrittenTests(_written(settings, "testgen", problems, box))


def _written(settings: Side, task: str, problems: Sequence[Problem], box: Sandbox | None) -> Written:
    if settings.kind == "model":
        return asked(settings, solving if task == "codegen" else testing)
    table = (
        table_of(Path(str(settings.path))) if settings.kind == "script" else _by_policy(settings, task, problems, box)
    )
    return lambda problem: table.get(problem.id, ())


def _by_policy(settings: Side, task: str, problems: Sequence[Problem], box: Sandbox | None) -> dict[str, list[str]]:
    """What the trained policies of a run write for every problem."""
    from agents.testers.policies import asked_as, load, policies_of
    from agents.testers.writing import write_for

    if box is None:
        raise ValueError("kind=policy: what a policy writes depends on judged tests, so there must be a sandbox")
    folder = policies_of(str(settings.path))[0]
    style = settings.style or asked_as(str(settings.path)).get("style", "chat")
    count, how = settings.samples, (settings.temperature, settings.answer_ids, style)
    return write_for(load(folder), task, problems, box, count, *how)


def asked(settings: Side, prompt: Callable[[Problem], list[Message]]) -> Asked:
    """A model of `agents.models`, behind its cache."""
    from agents.models.registry import open_model

    assert settings.model is not None
    changes = {"cache": settings.cache} if settings.cache else {}
    sampling = Sampling(n=settings.samples, temperature=settings.temperature, max_tokens=settings.answer_ids)
    return Asked(open_model(settings.model, **changes), prompt, sampling)
