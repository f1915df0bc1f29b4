"""What a repair costs, counted for each problem and in all, and how many models are asked at a time.

Promises: a reply is charged to the problem on whose behalf it was asked for, however many problems run at
once, and counts as spent only when it was paid for now (not read from a cache). What a ledger was told outlives
`kill -9`. Does not promise to know what tries that failed on the way were billed at, nor what calls in flight cost.
"""

from __future__ import annotations

import asyncio
import copy
import json
import os
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from agents.models import Budget, ChatModel, Message, ModelError, Reply, Sampling, Usage, close
from agents.models.chat import identity_of


@dataclass
class Spending:
    """What one problem took."""

    calls: int = 0
    replies: int = 0
    cached: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float = 0.0
    model_s: float = 0.0
    """Latency of the models, summed over replies."""
    simulated: bool = False
    """A scripted stand-in gave a reply."""
    by_model: dict[str, float] = field(default_factory=dict)
    """Model -> USD."""

    def add(self, replies: Sequence[Reply], model: str = "") -> None:
        """Counts a call and its replies."""
        self.calls += 1
        for reply in replies:
            self.by_model[model] = self.by_model.get(model, 0.0) + reply.spent_usd
            self.replies += 1
            self.cached += reply.cached
            self.cost_usd += reply.spent_usd
            self.prompt_tokens += reply.usage.prompt_tokens
            self.completion_tokens += reply.usage.completion_tokens
            self.model_s += reply.latency_s
            self.simulated |= reply.simulated

    def as_json(self) -> dict[str, Any]:
        """For a record."""
        return asdict(self) | {"cost_usd": round(self.cost_usd, 8), "model_s": round(self.model_s, 3)}


class Ledger:
    """A file with a line for each call: on whose behalf, which model, and its replies without their texts."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.spendings: dict[str, Spending] = {}
        """What each problem had taken when the ledger was opened."""
        self._paid = Budget()
        lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
        if lines and not lines[-1].endswith(b"\n"):  # cut short by a sudden death
            os.truncate(path, sum(map(len, lines[:-1])))
        for line in lines:
            self._read(line)

    def _read(self, line: bytes) -> None:
        try:
            call = json.loads(line)
            replies = [Reply("", Usage(**each.pop("usage")), **each) for each in call["replies"]]
        except ValueError:  # what a full disk has cut short
            return
        self.spendings.setdefault(call["problem"], Spending()).add(replies, call["model"])
        self._paid.charge(replies)

    def spent(self, known: Mapping[str, Any]) -> dict[str, Any]:
        """The state of the run's budget when the ledger was opened; a checkpoint may know more, but nothing untrue."""
        return {name: max(amount, known.get(name, 0)) for name, amount in self._paid.state().items()}

    def write(self, problem: str, model: str, replies: Sequence[Reply]) -> None:
        """Adds a call; it is safe from the death of this process at once."""
        names = ("cost_usd", "latency_s", "cached", "simulated")
        paid = [{name: getattr(each, name) for name in names} | {"usage": asdict(each.usage)} for each in replies]
        with self.path.open("a") as file:
            file.write(json.dumps({"problem": problem, "model": model, "replies": paid}) + "\n")


class Account(Spending):
    """What one problem takes, and has taken before; each call is written into the ledger."""

    def __init__(self, ledger: Ledger, problem: str, taken: Mapping[str, Any]) -> None:
        super().__init__(**copy.deepcopy(dict(taken)))
        self._ledger, self._problem = ledger, problem

    def add(self, replies: Sequence[Reply], model: str = "") -> None:
        super().add(replies, model)
        self._ledger.write(self._problem, model, replies)


spending: ContextVar[Spending | None] = ContextVar("spending", default=None)
"""Of the problem that the running task belongs to."""


class Metered:
    """A model whose replies are charged to the problem in hand; `turns` limits the calls at once."""

    def __init__(self, model: ChatModel, turns: asyncio.Semaphore) -> None:
        self.model, self.turns = model, turns
        self.name = model.name
        self.identity = identity_of(model)

    async def complete(self, messages: Sequence[Message], sampling: Sampling) -> list[Reply]:
        """The model's replies."""
        meter, replies = spending.get(), list[Reply]()
        async with self.turns:
            try:
                replies = await self.model.complete(messages, sampling)
            except ModelError as error:
                replies = list(error.finished.values())
                raise
            finally:
                if meter is not None:
                    meter.add(replies, self.name)
        return replies

    async def close(self) -> None:
        """Gives back what the model holds."""
        await close(self.model)
