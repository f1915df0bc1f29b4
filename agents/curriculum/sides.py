"""Who plays against a policy: the embedded generators, a model that is asked by API, a trained policy, or a file.

Promises: a model that writes programs is told the statement and the signature and nothing else, as ATGen's (2025)
code generator is: it tries to solve the problem, and what it gets wrong is an adversary; what it wrote for a problem
is asked for once, all samples at a time, and for many problems side by side, as far as the model's own limits allow.
A trained policy writes before training begins. Whatever is written counts only as far as `envs` says: here nothing is
judged. A model that cannot be asked is a fault of the machine, which spoils the episodes that wait for that answer and
no other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Any

from agents.llm.loading import settings_from
from agents.llm.ranges import check_numbers
from agents.models.chat import ChatModel, Message, Reply, Sampling
from agents.models.configuration import configuration
from agents.models.line import Line, Question
from agents.testers.grading import table_of
from envs.asking import Asking, proposals
from envs.codegen.tester import GrammarTester, Tester
from envs.problems import Case, Problem
from envs.testgen.adversary import Adversary, BugAdversary, Scene
from envs.text import TestCase, messages, read_program, read_tests
from sandbox import Sandbox
from sandbox.guess import guess

KINDS = ("embedded", "model", "policy", "script")
USED_BY: dict[str, tuple[str, ...]] = {
    "model": ("model",),
    "path": ("policy", "script"),
    "samples": ("model", "policy"),
    "temperature": ("model", "policy"),
    "answer_ids": ("model", "policy"),
    "style": ("policy",),
    "dtype": ("policy",),
    "cache": ("model",),
    "embedded_too": ("model", "policy", "script"),
}
"""Setting -> the kinds for which it means something."""
USUAL: dict[str, dict[str, Any]] = {
    "codegen": {"samples": 30, "temperature": 1.0, "answer_ids": 1024, "style": "chat"},
    "testgen": {"samples": 32, "temperature": 1.0, "answer_ids": 256, "style": "chat"},
}
"""How whoever writes programs, or tests, is asked where nothing is said."""
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
    samples: int | None = None
    """Programs or tests for each problem; None: as in USUAL."""
    temperature: float | None = None
    """None, here and for the next two: as a policy was asked in training; else as in USUAL."""
    answer_ids: int | None = None
    style: str | None = None
    """How a policy is asked."""
    dtype: str | None = None
    """Of a policy's weights: float32 or bfloat16; None: as they were saved."""
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
        for name in USED_BY.keys() - {"samples"}:  # which the configurations of earlier runs have for every kind
            self.check_used(name)

    def check_used(self, name: str) -> None:
        """Raises for a setting that is said and that the kind has no use for."""
        value = getattr(self, name)
        if value is not None and value is not False and value != "" and self.kind not in USED_BY[name]:
            wanted = " or ".join(f"kind={kind}" for kind in USED_BY[name])
            raise ValueError(f"{name}: {value!r} has no effect with kind={self.kind}; set {wanted}")


Written = Callable[[Problem], Sequence[str]]
"""What was written for a problem: programs, or texts of tests. `Asked` is one; it need not be waited for."""


class WrittenPrograms:
    """An adversary that answers with programs that were written without knowing the tests."""

    def __init__(self, written: Written, otherwise: Adversary | None = None) -> None:
        self._written, self._otherwise = written, otherwise

    def __deepcopy__(self, memo: dict[int, Any]) -> WrittenPrograms:
        return self  # Gymnasium copies keywords

    def propose(self, scene: Scene, count: int, rng: Random) -> Asking[Sequence[str]]:
        """Those that were not refused yet, in random order; then those of the other adversary."""
        written = yield from _told(self._written, scene.problem)
        found = [source for source in dict.fromkeys(written) if source not in scene.refused]
        some = rng.sample(found, min(count, len(found)))
        if some or self._otherwise is None:
            return some
        return (yield from proposals("adversary", self._otherwise.propose(scene, count, rng), (str,)))


class WrittenTests:
    """A tester whose tests were written before."""

    def __init__(self, written: Written) -> None:
        self._written = written

    def __deepcopy__(self, memo: dict[int, Any]) -> WrittenTests:
        return self

    def propose(self, problem: Problem, count: int, rng: Random) -> Asking[Sequence[TestCase | Case]]:
        """All that can be read, in random order."""
        texts = yield from _told(self._written, problem)
        found = [test for text in texts for test in read_tests(text, problem.kind, problem.entry, problem.signature)]
        tests = [test for test in found if isinstance(test, TestCase)]
        return rng.sample(tests, len(tests))


class Asked:
    """What a model answers about a problem, asked once, and about many problems at the same time."""

    def __init__(
        self,
        model: ChatModel,
        prompt: Callable[[Problem], list[Message]],
        sampling: Sampling,
        read: Callable[[Sequence[str], Problem], Sequence[str]] = lambda texts, problem: texts,
    ) -> None:
        self._line, self._prompt, self._sampling, self._read = Line(model), prompt, sampling, read

    def __enter__(self) -> Asked:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def __call__(self, problem: Problem) -> Sequence[str]:
        """What was made of all samples; the second time without asking."""
        return self.ask(problem).result()

    def ask(self, problem: Problem) -> Future[Sequence[str]]:
        """The same, later."""
        return self.question(problem).put()

    def question(self, problem: Problem) -> Question:
        """What does the model say about this problem?"""

        def read(replies: Sequence[Reply]) -> Sequence[str]:
            return self._read([reply.text for reply in replies], problem)

        return Question(self._line, problem.id, lambda: self._prompt(problem), self._sampling, read)

    def close(self) -> None:
        """Ends what is open with a fault; answers stay known."""
        self._line.close()


def _told(written: Written, problem: Problem) -> Asking[Sequence[str]]:
    """What was written for a problem; a model that must be asked for it is asked beside all others."""
    if not isinstance(written, Asked):
        return written(problem)
    [answer] = yield [written.question(problem)]
    found: Sequence[str] = answer
    return found


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


def side_of(side: str, given: Mapping[str, Any]) -> Side:
    """The settings of an adversary or tester, checked; nothing is asked and nothing is opened."""
    try:
        settings: Side = settings_from(Side, dict(given), f"env.{side}")
        check_numbers(settings, f"env.{side}", {"1 or more": ("samples", "answer_ids"), "0 or more": ("temperature",)})
        if settings.model is not None and not isinstance(settings.model, str | Mapping):
            raise ValueError(f"model: {settings.model!r}; give a name, such as gpt-4o-mini, or settings")
        if settings.kind == "model" and settings.model:
            configuration(settings.model)
    except ValueError as error:
        said = str(error)
        raise ValueError(said if said.startswith(f"env.{side}") else f"env.{side}: {said}") from None
    return settings


def make_side(side: str, given: Mapping[str, Any], problems: Sequence[Problem], box: Sandbox | None) -> Any:
    """The adversary or tester that some settings describe."""
    settings = side_of(side, given)
    if side == "tester":
        return _tester(settings, problems, box)
    return _adversary(settings, problems, box)


def _adversary(settings: Side, problems: Sequence[Problem], box: Sandbox | None) -> Adversary:
    if settings.kind == "embedded":
        return BugAdversary()
    written: Written
    if settings.kind == "model":
        written = asked(settings, "codegen", solving, programs_in)
    else:
        texts = _written(settings, "codegen", problems, box)
        written = texts if settings.kind == "script" else lambda problem: programs_in(texts(problem), problem)
    return WrittenPrograms(written, BugAdversary() if settings.embedded_too else None)


def _tester(settings: Side, problems: Sequence[Problem], box: Sandbox | None) -> Tester:
    if settings.kind == "embedded":
        return GrammarTester()
    if settings.kind == "model":
        return WrittenTests(asked(settings, "testgen", testing))
    return WrittenTests(_written(settings, "testgen", problems, box))


def _written(settings: Side, task: str, problems: Sequence[Problem], box: Sandbox | None) -> Written:
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
    how = _how(settings, task, asked_as(str(settings.path), "temperature"))
    return write_for(load(folder, settings.dtype), task, problems, box, how.pop("samples"), **how)


def _how(settings: Side, task: str, trained: Mapping[str, Any]) -> dict[str, Any]:
    """Samples, temperature, most ids and style: as they are set, else as in training, else as usual."""
    usual = {**USUAL[task], **trained}
    told = {name: getattr(settings, name) for name in usual}
    return {name: usual[name] if told[name] is None else told[name] for name in usual}


def asked(settings: Side, task: str, prompt: Callable[[Problem], list[Message]], *read: Any) -> Asked:
    """A model of `agents.models`, behind its cache."""
    from agents.models.registry import open_model

    assert settings.model is not None
    changes = {"cache": settings.cache} if settings.cache else {}
    how = _how(settings, task, {})
    sampling = Sampling(n=how["samples"], temperature=how["temperature"], max_tokens=how["answer_ids"])
    return Asked(open_model(settings.model, **changes), prompt, sampling, *read)
