"""Which values a setting may have.

Promises: what is not of the setting's own kind (true is no number, `no` and 0 are no truth values), what is not finite,
and what is out of its range is a ValueError that names the setting as it is written. Does not promise that values which
are allowed go well together, nor to look at settings of other kinds than number, truth value and text.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import fields
from numbers import Integral, Real
from typing import Any

NUMBERS: dict[str, tuple[Any, str]] = {"int": (Integral, "a whole number"), "float": (Real, "a finite number")}
OTHERS: dict[str, tuple[type, str]] = {"bool": (bool, "true or false"), "str": (str, "a text")}
FITS: dict[str, Callable[[float], bool]] = {
    "1 or more": lambda value: value >= 1,
    "0 or more": lambda value: value >= 0,
    "a number above 0": lambda value: value > 0,
}
Ranges = Mapping[str, Collection[str]]
"""One of FITS -> the names of settings that must fit."""


def check_numbers(settings: Any, where: str, ranges: Ranges, limits: Collection[str] = ()) -> None:
    """Refuses a dataclass of settings in which a value is wrong; of `limits`, infinity is one that limits nothing."""
    for each in fields(settings):
        kind, value = str(each.type).removesuffix(" | None"), getattr(settings, each.name)
        if value is None and kind != each.type:
            continue
        if kind in NUMBERS:
            needed = next((known for known, names in ranges.items() if each.name in names), "")
            wanted = _number_wanted(value, kind, needed, each.name in limits)
        else:
            right, wanted = OTHERS.get(kind, (object, ""))
            wanted = "" if isinstance(value, right) else wanted
        if wanted:
            raise ValueError(f"{where}.{each.name}: {value!r}; give {wanted}")


def _number_wanted(value: Any, kind: str, needed: str, endless: bool) -> str:
    """Which number is to be given in place of this one; nothing where it will do."""
    number, wanted = NUMBERS[kind]
    if not isinstance(value, number) or isinstance(value, bool):
        return wanted
    if not math.isfinite(value) and not (endless and value == math.inf):
        return wanted
    return needed if needed and not FITS[needed](value) else ""


def check_seeds(config: Mapping[str, Any]) -> None:
    """Refuses a configuration by which nothing would be trained."""
    if config["seeds"] < 1:
        raise ValueError(f"seeds={config['seeds']}: give 1 or more")
    if config["seed"] < 0:
        raise ValueError(f"seed={config['seed']}: give 0 or more")
