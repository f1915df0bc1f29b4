"""Limits of money and of tokens that several models may share.

Promises: a call is let through only if its worst case (every token of the prompt counted by bytes, every
reply as long as allowed) still fits beside what is spent and what other calls hold, so a limit is not passed;
a call that does not fit waits for those before it to end, and is refused with `BudgetSpent` when waiting
cannot help. Safe from several threads and event loops. Does not promise to use the last cent: the limit is
met to within one call. Tokens of tries that failed on the way are unknown and not counted.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any

from agents.models.chat import ChatModel, Message, Reply, Sampling, Usage, close, identity_of, most_prompt_tokens
from agents.models.faults import BudgetSpent, ModelError
from agents.models.prices import Price

FIRST_POLL_S, LAST_POLL_S = 0.01, 0.5
"""How often a call that does not fit looks again; a thousand waiting calls must not keep a core busy."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What was used so far."""

    usd: float = 0.0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    replies: int = 0

    @property
    def tokens(self) -> int:
        return self.prompt_tokens + self.completion_tokens

    def plus(self, reply: Reply) -> Spent:
        return replace(
            self,
            usd=self.usd + reply.cost_usd,
            prompt_tokens=self.prompt_tokens + reply.usage.prompt_tokens,
            completion_tokens=self.completion_tokens + reply.usage.completion_tokens,
            replies=self.replies + 1,
        )


class Budget:
    """Money and tokens for a run."""

    def __init__(self, usd: float | None = None, tokens: int | None = None):
        for name, limit in (("usd", usd), ("tokens", tokens)):
            number = isinstance(limit, int | float) and not isinstance(limit, bool)
            if limit is not None and not (number and limit >= 0):
                raise ValueError(f"Budget.{name}: expected a number from 0 up, or nothing for no limit; got {limit!r}")
        self.usd, self.tokens = usd, tokens
        self.spent = Spent()
        self._held_usd, self._held_tokens, self._holders = 0.0, 0, 0
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"Budget(usd={self.usd}, tokens={self.tokens}, spent={self.spent})"

    def state(self) -> dict[str, Any]:
        """What was spent, for a checkpoint."""
        return asdict(self.spent)

    def restore(self, state: Mapping[str, Any]) -> None:
        """Goes on from a checkpoint."""
        self.spent = Spent(**state)

    @asynccontextmanager
    async def hold(self, usd: float, tokens: int, what: str) -> AsyncIterator[None]:
        """Sets the worst case of a call aside while it runs; `charge` counts what it really took."""
        wait_s = FIRST_POLL_S
        while not self._take(usd, tokens, what):
            await asyncio.sleep(wait_s)
            wait_s = min(2 * wait_s, LAST_POLL_S)
        try:
            yield
        finally:
            with self._lock:
                self._held_usd -= usd
                self._held_tokens -= tokens
                self._holders -= 1
                if not self._holders:  # sums of floats drift
                    self._held_usd, self._held_tokens = 0.0, 0

    def charge(self, replies: Sequence[Reply]) -> None:
        """Counts replies that were paid for; those from a cache cost nothing."""
        with self._lock:
            for reply in replies:
                if not reply.cached:
                    self.spent = self.spent.plus(reply)

    def _take(self, usd: float, tokens: int, what: str) -> bool:
        with self._lock:
            over_usd = self.usd is not None and self.spent.usd + self._held_usd + usd > self.usd
            over_tokens = self.tokens is not None and self.spent.tokens + self._held_tokens + tokens > self.tokens
            if not (over_usd or over_tokens):
                self._held_usd += usd
                self._held_tokens += tokens
                self._holders += 1
                return True
            if self._holders:
                return False
            limit = f"${self.usd:.4f}" if over_usd else f"{self.tokens} tokens"
            raise BudgetSpent(
                f"{what}: the budget of {limit} does not allow another call (spent ${self.spent.usd:.4f} and "
                f"{self.spent.tokens} tokens; this call may take ${usd:.4f} and {tokens}); "
                "raise budget.usd or budget.tokens, or lower max_tokens, and resume"
            )


class Budgeted:
    """A model that spends from a budget."""

    def __init__(self, model: ChatModel, budget: Budget, price: Price):
        self.model, self.budget, self.price = model, budget, price
        self.name = model.name
        self.identity = identity_of(model)

    def __repr__(self) -> str:
        return f"Budgeted({self.model!r}, {self.budget!r})"

    async def complete(self, messages: Sequence[Message], sampling: Sampling) -> list[Reply]:
        """The model's replies, when they can be paid for."""
        worst = Usage(sampling.n * most_prompt_tokens(messages), sampling.n * sampling.max_tokens)
        async with self.budget.hold(self.price.of(worst), worst.total, self.name):
            try:
                replies = await self.model.complete(messages, sampling)
            except ModelError as error:
                self.budget.charge(list(error.finished.values()))
                raise
            self.budget.charge(replies)
        return replies

    async def close(self) -> None:
        await close(self.model)
