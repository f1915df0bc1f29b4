"""Models that are programs: what the embedded repairer and tester and the simulated ones have in common.

Promises: every reply says `simulated`; the same question with the same seed and sample number gets the same
reply in every process; tokens are estimated from the texts and priced as declared. They run in threads, and
untrusted code only in the sandbox. Does not promise anything about language models: a simulation shows what
it declares.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from agents.models.chat import Message, Reply, Sampling, Usage, estimated_tokens, prompt_tokens
from agents.models.faults import ModelFault
from agents.models.prices import FREE, Price

if TYPE_CHECKING:
    from sandbox import Sandbox

Write = Callable[[Sequence[Message], Random], str]


@dataclass(frozen=True, slots=True)
class Declared:
    """What a simulated model declares of itself; reports must show it."""

    accuracy: float = 1.0
    """The chance that an answer is right."""
    correlation: float = 0.0
    """Between the rightness of two answers to the same question; mistakes that are shared have the same value."""
    price: Price = FREE

    def __post_init__(self) -> None:
        for name, value in (("accuracy", self.accuracy), ("correlation", self.correlation)):
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
                raise ValueError(f"{name}: expected a share from 0 to 1, got {value!r}")

    def __str__(self) -> str:
        return f"simulated: accuracy {self.accuracy:g}, correlation {self.correlation:g}"


class Scripted:
    """Replies that a program writes."""

    def __init__(self, name: str, declared: Declared | None = None, sandbox: Sandbox | str = "auto"):
        self.name = name
        self.declared = declared or Declared()
        self.identity = f"{name} ({self.declared})"
        self._sandbox = sandbox

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.identity!r})"

    @property
    def box(self) -> Sandbox:
        """The sandbox, opened when it is first needed and shared with the environments of this process."""
        if isinstance(self._sandbox, str):
            from envs.boxes import shared_box

            return shared_box(self._sandbox)
        return self._sandbox

    async def complete(self, messages: Sequence[Message], sampling: Sampling) -> list[Reply]:
        """The program's replies, as dear as declared."""
        return list(await asyncio.gather(*(self._reply(messages, sampling, sample) for sample in sampling.samples)))

    async def _reply(self, messages: Sequence[Message], sampling: Sampling, sample: int) -> Reply:
        from sandbox import SandboxFault

        began = time.perf_counter()
        rng = Random(digest(self.name, sampling.seed, sample, *(message["content"] for message in messages)))
        try:
            text = await asyncio.to_thread(self.write, messages, rng)
        except SandboxFault as fault:
            raise ModelFault(f"{self.name}: the sandbox failed: {fault}") from None
        usage = Usage(prompt_tokens(messages), estimated_tokens(text), estimated=True)
        cost_usd = self.declared.price.of(usage)
        return Reply(text, usage, cost_usd, time.perf_counter() - began, model=self.identity, simulated=True)

    def write(self, messages: Sequence[Message], rng: Random) -> str:
        """The text of one reply; each kind of scripted model has its own."""
        raise ValueError(f"{self.name}: {type(self).__name__} writes nothing; take the embedded repairer or tester")

    def task_of(self, messages: Sequence[Message], kind: type) -> Any:
        """The task beside the messages; None when there is none of this kind."""
        task = getattr(messages, "task", None)
        return task if isinstance(task, kind) else None


def digest(*parts: Any) -> str:
    """A fingerprint of some values, the same in every process."""
    return hashlib.sha256("\0".join(map(str, parts)).encode("utf-8", "surrogatepass")).hexdigest()


def fence(code: str, language: str = "python") -> str:
    """Code as a model shows it."""
    return f"```{language}\n{code.rstrip()}\n```\n"
