"""The models and servers that have a name here.

Promises: each entry is data; none holds a key. A server's entry says what it obeys as its documentation did
when the entry was written. Does not promise that a provider still serves a model: retired ones are kept under
their names, so that old recordings and caches can be read, and are marked in the price table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agents.models.prices import Price

SERVERS: dict[str, dict[str, Any]] = {
    "openai": {"base_url": "https://api.openai.com/v1", "key_env": "OPENAI_API_KEY", "many": True, "seeds": False},
    "gemini": {
        "base_url": "https://generativelanguage.googleapis.com/v1beta/openai/",
        "key_env": "GEMINI_API_KEY",
    },
    "deepseek": {"base_url": "https://api.deepseek.com", "key_env": "DEEPSEEK_API_KEY"},
    "anthropic": {
        "base_url": "https://api.anthropic.com/v1/",
        "key_env": "ANTHROPIC_API_KEY",
        "omit": ["top_p"],
    },
    "openrouter": {
        "base_url": "https://openrouter.ai/api/v1",
        "key_env": "OPENROUTER_API_KEY",
    },
    "vllm": {
        "base_url": "http://localhost:8000/v1",
        "key_env": "VLLM_API_KEY",
        "key_needed": False,
        "many": True,
        "seeds": True,
        "concurrency": 64,
    },
    "ollama": {
        "base_url": "http://localhost:11434/v1",
        "key_needed": False,
        "seeds": True,
        "concurrency": 2,
        "timeout_s": 600,
    },
    "transformers": {
        "base_url": "http://localhost:8000/v1",
        "key_needed": False,
        "seeds": True,
        "concurrency": 1,
        "timeout_s": 600,
    },
}
"""Where "SERVER/MODEL" leads. Only what is local may go without a key."""

REASONING = {"max_tokens_field": "max_completion_tokens", "omit": ["temperature", "top_p", "stop"]}
"""OpenAI's models that think refuse these settings."""

MODELS: dict[str, dict[str, Any]] = {
    "gpt-4o-mini-2024-07-18": {"server": "openai"},
    "gpt-4o-mini": {"server": "openai"},
    "gpt-4o": {"server": "openai"},
    "gpt-4o-2024-08-06": {"server": "openai"},
    "gpt-4-turbo": {"server": "openai"},
    "gpt-3.5-turbo": {"server": "openai"},
    "gpt-3.5-turbo-0301": {"server": "openai"},
    "gpt-4.1": {"server": "openai"},
    "gpt-4.1-mini": {"server": "openai"},
    "o3-mini": {"server": "openai", **REASONING},
    "gemini-2.5-flash-preview-05-20": {"server": "gemini"},
    "gemini-2.5-flash": {"server": "gemini"},
    "gemini-2.5-pro": {"server": "gemini"},
    "deepseek-coder": {"server": "deepseek", "served_as": "deepseek-chat"},
    "deepseek-chat": {"server": "deepseek"},
    "claude-3-haiku": {"server": "anthropic", "model": "claude-3-haiku-20240307"},
    "claude-3-5-haiku": {"server": "anthropic", "model": "claude-3-5-haiku-20241022"},
    "claude-sonnet-4": {"server": "anthropic", "model": "claude-sonnet-4-20250514"},
    "embedded": {"server": "repairer"},
    "embedded-tester": {"server": "tester"},
    "simulated-strong-tester": {
        "server": "tester",
        "accuracy": 0.95,
        "correlation": 0.3,
        "price": Price(2.50, 10.00, note="as gpt-4o's"),
    },
    "simulated-cheap-tester": {
        "server": "tester",
        "accuracy": 0.75,
        "correlation": 0.5,
        "price": Price(0.15, 0.60, note="as gpt-4o-mini's"),
    },
    "simulated-strong-repairer": {
        "server": "simulated-repairer",
        "accuracy": 0.5,
        "correlation": 0.5,
        "price": Price(2.50, 10.00, note="as gpt-4o's"),
    },
    "simulated-cheap-repairer": {
        "server": "simulated-repairer",
        "accuracy": 0.2,
        "correlation": 0.5,
        "price": Price(0.15, 0.60, note="as gpt-4o-mini's"),
    },
}
"""Name -> configuration, as `open_model` takes it."""

ALIASES = {"claude-3-haiku-20240307": "claude-3-haiku", "tester": "embedded-tester", "repairer": "embedded"}


@dataclass(frozen=True, slots=True)
class Combination:
    """A model that repairs and one that writes tests."""

    model: str
    test_model: str
    about: str


COMBINATIONS: Mapping[str, Combination] = {
    "best-quality": Combination("gpt-4o-mini-2024-07-18", "gpt-4o", "the strongest tests"),
    "best-balance": Combination("gpt-4o-mini-2024-07-18", "gemini-2.5-flash", "good tests at a low price"),
    "max-saving": Combination("gpt-4o-mini-2024-07-18", "gpt-4o-mini-2024-07-18", "one cheap model for everything"),
    "offline": Combination("embedded", "embedded-tester", "no key, no network; both are scripted"),
    "simulated-strong-tests": Combination("simulated-cheap-repairer", "simulated-strong-tester", "for experiments"),
    "simulated-cheap-tests": Combination("simulated-cheap-repairer", "simulated-cheap-tester", "for experiments"),
}
"""Recommended pairs, and ours for work without a key. `gemini-2.5-flash` took the place of its preview of 2025-05-20,
which is retired."""
