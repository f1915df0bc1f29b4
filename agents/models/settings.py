"""What the settings of a model may be.

Promises: a setting of another type, or out of its range, is a ValueError that says which, what it is and what it may
be; what looks like a key is not repeated. Does not promise that a path, a device or a server is there. Prices, budgets
and what simulated models declare are looked at where they are read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from agents.models.cache import ReplyCache
from agents.models.keys import BLOT, looks_like_key

MOST = 1e12
"""No limit that anyone means is above it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What some settings have in common."""

    expected: str
    """For messages."""
    fits: Callable[[Any], bool]


def _number(value: Any, low: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value < MOST


def _address(value: Any) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0  # a bad port raises
    except (ValueError, TypeError, AttributeError):
        return False


def _texts(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and all(isinstance(each, str) for each in value)


TEXT = Kind("a text", lambda value: isinstance(value, str))
PATH = Kind("a path", lambda value: isinstance(value, str | Path))
CACHE = Kind("a path", lambda value: isinstance(value, str | Path | ReplyCache))
ADDRESS = Kind("an address that begins with http:// or https://", _address)
TRUTH = Kind("true or false", lambda value: isinstance(value, bool))
COUNT = Kind("a whole number from 1 up", lambda value: type(value) is int and _number(value, 1))
ABOVE_0 = Kind("a number above 0", lambda value: _number(value, 0) and value > 0)
FROM_0 = Kind("a number from 0 up", lambda value: _number(value, 0))
TEXTS = Kind("a list of texts", _texts)
TABLE = Kind("names with their values", lambda value: isinstance(value, Mapping))

KINDS: dict[str, tuple[Kind, Any]] = {
    "name": (TEXT, "gpt-4o-mini"),
    "server": (TEXT, "vllm"),
    "model": (TEXT, "gpt-4o-mini"),
    "base_url": (ADDRESS, "http://localhost:8000/v1"),
    "key_env": (TEXT, "OPENAI_API_KEY"),
    "key_file": (PATH, "~/keys/openai"),
    "key_needed": (TRUTH, False),
    "cache": (CACHE, "replies.sqlite"),
    "cache_limit_mb": (ABOVE_0, 500),
    "record": (PATH, "replies.jsonl"),
    "seeds": (TRUTH, True),
    "many": (TRUTH, True),
    "stream": (TRUTH, True),
    "max_tokens_field": (TEXT, "max_completion_tokens"),
    "omit": (TEXTS, ["top_p", "stop"]),
    "extra": (TABLE, {"reasoning_effort": "low"}),
    "timeout_s": (ABOVE_0, 90),
    "tries": (COUNT, 6),
    "first_wait_s": (FROM_0, 1),
    "longest_wait_s": (FROM_0, 120),
    "served_as": (TEXT, "*"),
    "concurrency": (COUNT, 8),
    "requests_per_minute": (ABOVE_0, 500),
    "tokens_per_minute": (ABOVE_0, 200_000),
    "adapter": (TEXT, "runs/x/adapter"),
    "device": (TEXT, "cpu"),
    "dtype": (TEXT, "bfloat16"),
    "revision": (TEXT, "main"),
    "threads": (COUNT, 4),
}
"""Setting -> its kind, and an example."""


def check_values(config: Mapping[str, Any]) -> None:
    """Raises a ValueError for a setting that cannot be meant."""
    for setting, value in config.items():
        kind, example = KINDS.get(setting, (None, None))
        if kind is not None and not kind.fits(value):
            shown = BLOT if looks_like_key(str(value)) else repr(value)
            raise ValueError(
                f"model {config['name']!r}: {setting}: expected {kind.expected}, got {shown}; "
                f"give one, such as {setting}={example}"
            )
