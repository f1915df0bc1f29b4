"""What a repair costs, counted for each problem and in all, and how many models are asked at a time.

Promises: a reply is charged to the problem on whose behalf it was asked for, however many problems run at
once, and counts as spent only when it was paid for now (not read from a cache). Does not promise to know what
tries that failed on the way were billed at.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from typing import Any

from agents.models import ChatModel, Message, ModelError, Reply, Sampling, close


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
        """Counts replies."""
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


spending: ContextVar[Spending | None] = ContextVar("spending", default=None)
"""Of the problem that the running task belongs to."""


class Metered:
    """A model whose replies are charged to the problem in hand; `turns` limits the calls at once."""

    def __init__(self, model: ChatModel, turns: asyncio.Semaphore) -> None:
        self.model, self.turns = model, turns
        self.name = model.name
        self.identity = str(getattr(model, "identity", model.name))

    async def complete(self, messages: Sequence[Message], sampling: Sampling) -> list[Reply]:
        """The model's replies."""
        meter = spending.get()
        async with self.turns:
            if meter is not None:
                meter.calls += 1
            try:
                replies = await self.model.complete(messages, sampling)
            except ModelError as error:
                if meter is not None:
                    meter.add(list(error.finished.values()), self.name)
                raise
        if meter is not None:
            meter.add(replies, self.name)
        return replies

    async def close(self) -> None:
        """Gives back what the model holds."""
        await close(self.model)
