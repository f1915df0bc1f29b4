"""What every model speaks: messages in, replies out, each with its tokens, cost, time and end.

Promises: records never change; a reply says which draw it is a part of and whether it was paid for now or
before (`cached`), and a scripted stand-in says so in every reply (`simulated`). Does not promise that a model
is any good.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypedDict

CHARACTERS_PER_TOKEN = 4
"""A usual estimate for English and code, used where nobody counted."""


class Message(TypedDict):
    """One message of a conversation."""

    role: str
    """system, user or assistant."""
    content: str


class Prompt(list[Message]):
    """Messages that also carry what their text was made from.

    Models that read see the messages only. The embedded models, which cannot read, look at `task`.
    """

    def __init__(self, messages: Iterable[Message], task: Any = None):
        super().__init__(messages)
        self.task = task


@dataclass(frozen=True, slots=True)
class Sampling:
    """How replies are drawn."""

    n: int = 1
    """How many replies."""
    temperature: float = 0.2
    top_p: float = 0.95
    max_tokens: int = 2048
    """The most tokens of one reply."""
    stop: tuple[str, ...] = ()
    """Texts at which a reply ends; they are not part of it."""
    seed: int | None = None
    """Makes draws repeatable on servers that have seeds."""
    first_sample: int = 0
    """The number of the first reply: the same question with another number is another draw."""

    def __post_init__(self) -> None:
        _check("n", self.n, 1, 10_000)
        _check("max_tokens", self.max_tokens, 1, 10_000_000)
        _check("first_sample", self.first_sample, 0, 2**31)
        if not 0 <= self.temperature <= 5:
            raise ValueError(f"Sampling.temperature: expected a number from 0 to 5, got {self.temperature!r}")
        if not 0 < self.top_p <= 1:
            raise ValueError(f"Sampling.top_p: expected a number above 0 and up to 1, got {self.top_p!r}")

    @property
    def samples(self) -> range:
        """The numbers of the replies."""
        return range(self.first_sample, self.first_sample + self.n)

    def only(self, first: int, n: int = 1) -> Sampling:
        """The same draw, of some of its replies alone."""
        return replace(self, first_sample=first, n=n)

    def seed_of(self, sample: int) -> int | None:
        """The seed of one reply: different for every number, the same in every process."""
        if self.seed is None:
            return None
        return int.from_bytes(hashlib.sha256(f"{self.seed}/{sample}".encode()).digest()[:4], "big") >> 1


def _check(name: str, value: Any, low: int, high: int) -> None:
    if type(value) is not int or not low <= value <= high:
        raise ValueError(f"Sampling.{name}: expected a whole number from {low} to {high}, got {value!r}")


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens, as they are billed."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    estimated: bool = False
    """Nobody counted them: four characters are taken for a token."""

    @property
    def total(self) -> int:
        return self.prompt_tokens + self.completion_tokens


@dataclass(frozen=True, slots=True)
class Reply:
    """One sample."""

    text: str
    usage: Usage = Usage()
    """Of a request for many samples, this one's share: the shares add up to what was billed."""
    cost_usd: float = 0.0
    """What it cost when it was drawn; `spent_usd` is what it costs now."""
    latency_s: float = 0.0
    """From sending to the end of the answer, waiting for a turn aside."""
    finish: str = "stop"
    """stop, length, filter or other."""
    cached: bool = False
    """Read from a cache or a recording: nothing was paid this time."""
    model: str = ""
    """What the server says it is."""
    simulated: bool = False
    """A scripted stand-in wrote it: never to be presented as a language model's."""

    @property
    def spent_usd(self) -> float:
        return 0.0 if self.cached else self.cost_usd


class ChatModel(Protocol):
    """Anything that replies. It raises `ModelError`s (see faults.py), never an error of a library's own."""

    name: str

    async def complete(self, messages: Sequence[Message], sampling: Sampling) -> list[Reply]:
        """The replies number `sampling.first_sample` and following, in order."""
        ...


def identity_of(model: ChatModel) -> str:
    """What a reply is known by: `identity` where the model says one, else its name."""
    return str(getattr(model, "identity", model.name))


@asynccontextmanager
async def closing(*models: ChatModel) -> AsyncIterator[None]:
    """Closes models (connections, files, sandboxes) at the end; those that hold nothing are left alone."""
    try:
        yield
    finally:
        for model in models:
            await close(model)


async def close(model: ChatModel) -> None:
    """Gives back what a model holds in this event loop."""
    closer = getattr(model, "close", None)
    if closer is not None:
        await closer()


def estimated_tokens(text: str) -> int:
    """About how many tokens a text has."""
    return -(-len(text) // CHARACTERS_PER_TOKEN)


def prompt_tokens(messages: Sequence[Message]) -> int:
    """About how many tokens some messages have."""
    return sum(estimated_tokens(message["content"]) + 4 for message in messages)


def most_prompt_tokens(messages: Sequence[Message]) -> int:
    """More tokens than any tokenizer over bytes makes of them."""
    return sum(len(message["content"].encode("utf-8", "surrogatepass")) + 16 for message in messages)
