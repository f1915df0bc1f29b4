"""What models cost, and since when we believe it.

Promises: every price has the day from which it held and where it was read; a model that is not listed has no
price, not a guessed one. Does not promise to be up to date: check the page of the provider, and give `price=`
when it changed. Discounts (batches, cached prompts, night hours) are not modelled, so that a budget errs on
the safe side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agents.models.chat import Usage


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens."""

    prompt_usd: float = 0.0
    completion_usd: float = 0.0
    since: str = ""
    """The day from which it held, or the day it was last read; empty for a price that a user gave."""
    note: str = ""

    def of(self, usage: Usage) -> float:
        """What some tokens cost."""
        return (usage.prompt_tokens * self.prompt_usd + usage.completion_tokens * self.completion_usd) / 1e6


FREE = Price(note="runs on a machine of yours")

PRICES: dict[str, Price] = {
    "gpt-4o-mini-2024-07-18": Price(0.15, 0.60, "2024-07-18"),
    "gpt-4o-mini": Price(0.15, 0.60, "2024-07-18"),
    "gpt-4o-2024-05-13": Price(5.00, 15.00, "2024-05-13"),
    "gpt-4o-2024-08-06": Price(2.50, 10.00, "2024-08-06"),
    "gpt-4o": Price(2.50, 10.00, "2024-10-02"),
    "gpt-4-turbo": Price(10.00, 30.00, "2024-04-09"),
    "gpt-3.5-turbo": Price(0.50, 1.50, "2024-02-16"),
    "gpt-3.5-turbo-0125": Price(0.50, 1.50, "2024-01-25"),
    "gpt-3.5-turbo-0301": Price(1.50, 2.00, "2023-06-13", "retired"),
    "gpt-4.1": Price(2.00, 8.00, "2025-04-14"),
    "gpt-4.1-mini": Price(0.40, 1.60, "2025-04-14"),
    "o3-mini": Price(1.10, 4.40, "2025-01-31"),
    "gemini-2.5-flash-preview-05-20": Price(0.15, 3.50, "2025-05-20", "0.60 without thinking; retired"),
    "gemini-2.5-flash": Price(0.30, 2.50, "2025-06-17"),
    "gemini-2.5-pro": Price(1.25, 10.00, "2025-06-17", "dearer above 200,000 prompt tokens"),
    "deepseek-coder": Price(0.14, 0.28, "2024-08-02", "answered by deepseek-chat since 2024-09-05"),
    "deepseek-chat": Price(0.28, 0.42, "2025-12-09"),
    "deepseek-reasoner": Price(0.28, 0.42, "2025-12-09"),
    "claude-3-haiku-20240307": Price(0.25, 1.25, "2024-03-13"),
    "claude-3-5-haiku-20241022": Price(0.80, 4.00, "2024-12-05"),
    "claude-sonnet-4-20250514": Price(3.00, 15.00, "2025-05-22"),
}
"""By the model's name at its provider."""


def read_price(value: Any, where: str = "price") -> Price:
    """A price that a configuration gives: {prompt_usd, completion_usd}, per million tokens."""
    if isinstance(value, Price):
        return value
    allowed = ("prompt_usd", "completion_usd", "since", "note")
    if not isinstance(value, Mapping) or set(value) - set(allowed):
        raise ValueError(
            f"{where}: expected {{prompt_usd: ..., completion_usd: ...}} for a million tokens, got {value!r}"
        )
    numbers = [value.get(name, 0.0) for name in allowed[:2]]
    if not all(type(number) in (int, float) and 0 <= number < 1e6 for number in numbers):
        raise ValueError(f"{where}: expected dollars for a million tokens, got {value!r}")
    return Price(float(numbers[0]), float(numbers[1]), str(value.get("since", "")), str(value.get("note", "")))


@dataclass(frozen=True, slots=True)
class Campaign:
    """A repair run to be priced; every assumption is a number here."""

    problems: int = 100
    test_calls: int = 1
    repair_calls: int = 10
    prompt_tokens: int = 1000
    completion_tokens: int = 500

    def cost_usd(self, repair: Price, tests: Price) -> tuple[float, float]:
        """Dollars for the tests and for the repairs."""
        call = Usage(self.prompt_tokens, self.completion_tokens)
        return (self.problems * self.test_calls * tests.of(call), self.problems * self.repair_calls * repair.of(call))
