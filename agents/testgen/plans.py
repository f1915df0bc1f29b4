"""What a plan says, and what is done without one.

Promises: any text gives a plan of the wanted length; a category that is not known counts as basic, and what
the model left out is filled up from the categories it was asked for. Does not promise that the intents make
sense.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from envs.problems.grammar import CATEGORIES

MOST_TRIES = 10
"""Places at which a list may begin that are looked at."""
LONGEST = 100_000

_LIST = re.compile(r"\[\s{0,100}\{")


@dataclass(frozen=True, slots=True)
class Planned:
    """A test to be written."""

    category: str
    intent: str = ""


def spread(count: int) -> dict[str, int]:
    """So many tests over the categories, the first ones served first."""
    shares = {
        name: count // len(CATEGORIES) + (place < count % len(CATEGORIES)) for place, name in enumerate(CATEGORIES)
    }
    return {name: share for name, share in shares.items() if share}


def read_plan(text: str, wanted: Mapping[str, int]) -> tuple[list[Planned], str]:
    """The tests to be written, and what was wrong with the plan, if anything."""
    count = sum(wanted.values())
    found = [_planned(item) for item in _items(text) if isinstance(item, dict)][:count]
    missing = dict(wanted)
    for planned in found:
        missing[planned.category] = missing.get(planned.category, 0) - 1
    rest = [Planned(name) for name, share in missing.items() for _ in range(share)]
    fault = "" if len(found) == count else f"the plan names {len(found)} of {count} tests"
    return (found + rest)[:count], fault


def _planned(item: Mapping[str, Any]) -> Planned:
    category = str(item.get("category", "")).strip().lower()
    return Planned(category if category in CATEGORIES else "basic", str(item.get("intent", "") or "").strip())


def _items(text: str) -> list[Any]:
    """The items of the first JSON list of objects in a text; none when there is no such list."""
    decoder = json.JSONDecoder()
    for start in islice(_LIST.finditer(text), MOST_TRIES):
        try:
            items, _ = decoder.raw_decode(text[: start.start() + LONGEST], start.start())
        except (ValueError, RecursionError):
            continue
        return items if isinstance(items, list) else []
    return []
