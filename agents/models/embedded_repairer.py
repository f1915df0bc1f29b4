"""The embedded repairer as a model: it reads a prompt, edits the program, and answers with a program in a
fence.

With a `RepairTask` beside the messages it knows what its `Patient` holds and which strategy to follow. With
messages alone it reads the sections that `envs.text.messages` writes (signature, program, tests), and follows
`default`.

Promises: it sees what a language model would see and no reference, no hidden case; the same question with the
same seed gets the same answer; what it tried is remembered in the task's patient, so samples of one call are
drawn one after the other and do not repeat a program. Programs are run in the sandbox only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING

from agents.models.chat import Message, Prompt, Reply, Sampling
from agents.models.faults import ModelRefused
from agents.models.scripted import Declared, Scripted, fence
from agents.models.tasks import RepairTask
from envs.asking import settle
from envs.problems.cases import Case
from envs.text import Misread, read_tests

if TYPE_CHECKING:
    from envs.repairer.patient import Patient, Repairer
    from sandbox import Sandbox

_SECTION = re.compile(r"^# (Problem|Signature|Program|Tests|Feedback|Earlier attempts)$", re.M)
_FENCE = re.compile(r"^(`{3,})python\n(.*?)\n\1$", re.M | re.S)


class EmbeddedRepairer(Scripted):
    """Repairs by search over edits, judged on the tests that it was shown."""

    def __init__(
        self,
        name: str = "embedded",
        declared: Declared | None = None,
        sandbox: Sandbox | str = "auto",
        repairer: Repairer | None = None,
    ):
        super().__init__(name, declared, sandbox)
        self.identity = f"{name} (scripted)"
        self._repairer = repairer

    @property
    def repairer(self) -> Repairer:
        """What carries out the strategies: the embedded one, unless another was given."""
        if self._repairer is None:
            from envs.repairer import EmbeddedRepairer as Default

            self._repairer = Default()
        return self._repairer

    async def complete(self, messages: Sequence[Message], sampling: Sampling) -> list[Reply]:
        """The replies, one after the other; without a task, each goes on where the one before it stopped."""
        if self.task_of(messages, RepairTask) is not None:
            return [await self._reply(messages, sampling, sample) for sample in sampling.samples]
        prompt = Prompt(messages, RepairTask(read_patient(messages)))
        replies = [await self._reply(prompt, sampling, sample) for sample in range(sampling.samples.stop)]
        return replies[sampling.first_sample :]

    def write(self, messages: Sequence[Message], rng: Random) -> str:
        """What was changed, and the program in a fence."""
        task = self.task_of(messages, RepairTask)
        attempt = settle(self.repairer.attempt(task.patient, _fitting(task), rng), self.box)
        return f"{attempt.note}\n{fence(attempt.source)}".lstrip()


def _fitting(task: RepairTask) -> str:
    """The strategy that was asked for; a program that does not parse is made to, first of all."""
    from envs.repairer.syntax import complaint

    return task.strategy if complaint(task.patient.program) is None else "syntax_check"


def read_patient(messages: Sequence[Message]) -> Patient:
    """The patient that the messages describe in the sections of `envs.text.messages`."""
    from envs.repairer.patient import Patient

    parts = _SECTION.split("\n".join(message["content"] for message in messages))
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    program = _FENCE.search(sections.get("Program", ""))
    if program is None:
        raise ModelRefused("embedded: reads prompts of envs.text.messages, and finds no section `# Program` here")
    signature = _FENCE.search(sections.get("Signature", ""))
    entry = entry_of(signature[2], program[2]) if signature else ""
    found = read_tests(sections.get("Tests", ""), "function" if entry else "stdin", entry)
    tests = [Case(test.args, test.expected) for test in found if not isinstance(test, Misread) and test.answered]
    if not tests:
        raise ModelRefused("embedded: repairs by running tests, and finds none in the prompt; show it some")
    return Patient(
        program=program[2],
        tests=tests,
        entry=entry,
        statement=sections.get("Problem", "").strip(),
        signature=signature[2].strip() if signature else "",
    )


def entry_of(signature: str, program: str) -> str:
    """The callable that a signature names: a function, or a method where the program has it in a class."""
    named = re.search(r"def\s+(\w+)", signature)
    if named is None:
        return ""
    owner = ""
    for line in program.splitlines():
        if re.match(rf"\s+(?:async\s+)?def\s+{named[1]}\b", line) and owner:
            return f"{owner}.{named[1]}"
        if line[:1].strip():
            begun = re.match(r"class\s+(\w+)", line)
            owner = begun[1] if begun else ""
    return named[1]
