"""What environments and vectors of them say of a keyword that they cannot use.

Promises: a sentence that names the keyword and the value, and says what to write instead; nothing is started and
nothing is changed. Does not promise that a value which passes here is of use in an episode.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.guess import guess


def keywords_of(kind: type) -> list[str]:
    """The keywords that a caller of a class may give, those of its bases included."""
    makers = [vars(each)["__init__"] for each in kind.__mro__ if "__init__" in vars(each)]
    found = [each for maker in makers for each in inspect.signature(maker).parameters.values()]
    named = [each.name for each in found if each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)]
    return list(dict.fromkeys(name for name in named if name != "self"))


BUDGETS = ("rounds", "max_attempts", "attempts", "tests")
"""What environments call the number of actions in an episode; of those that one has, the first is the one."""


def refuse_unknown(where: str, given: Iterable[str], known: Iterable[str]) -> None:
    """Raises for a keyword that does not exist."""
    names = list(known)
    for name in given:
        if name not in names:
            same = next((each for each in BUDGETS if name in BUDGETS and each in names), name)
            raise ValueError(f"{where}: there is no keyword {name!r}; {guess(same, names)}")


def one_of(name: str, value: Any, known: Iterable[str]) -> None:
    """Raises for a keyword that is none of some names."""
    names = list(known)
    if not isinstance(value, str) or value not in names:
        raise ValueError(f"{name}: {value!r}; {guess(str(value), names)}")


class RenderModeError(ValueError, TypeError):
    """There is no such render mode. Stable-Baselines3 asks for "rgb_array", and makes do without on a TypeError."""


def check_render_mode(mode: Any, known: Iterable[str]) -> None:
    """Raises for a mode that is none of those known; None is no picture."""
    try:
        if mode is not None:
            one_of("render_mode", mode, known)
    except ValueError as error:
        raise RenderModeError(str(error)) from None


def whole_number(name: str, value: Any, least: int = 1) -> int:
    """A keyword that counts something."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= 1000:
        raise ValueError(f"{name}: {value!r} is not a whole number from {least} to 1000")
    return value


def options_of(given: Any) -> dict[str, Any]:
    """The options of a reset; none where nobody gave any."""
    if given is not None and not isinstance(given, Mapping):
        raise ValueError(f"reset(options): {given!r} is no dictionary; give one, such as {{'problem': ID}}")
    return dict(given or {})


def has_method(name: str, value: Any, method: str) -> None:
    """Raises for a keyword that must be an object with a certain method, and is none."""
    if isinstance(value, type) or not callable(getattr(value, method, None)):
        raise ValueError(f"{name}: {value!r} is no object with a method {method}(); give one, or leave the keyword out")
