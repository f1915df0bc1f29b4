"""Bandits by name.

Promises: every kind takes the settings that `settings_of` lists and no others; unknown kinds and settings are a
ValueError with a near-miss guess.
"""

from __future__ import annotations

import inspect
from typing import Any

from agents.bandits.bandit import Bandit
from agents.bandits.counting import UCB1, EpsilonGreedy, Thompson
from agents.bandits.exp3 import EXP3
from agents.bandits.linear import LinTS, LinUCB
from sandbox.guess import guess

KINDS: dict[str, tuple[type[Bandit], dict[str, Any]]] = {
    "epsilon_greedy": (EpsilonGreedy, {}),
    "ucb1": (UCB1, {}),
    "thompson": (Thompson, {}),
    "linucb": (LinUCB, {}),
    "lints": (LinTS, {}),
    "exp3": (EXP3, {}),
    "exp3s": (EXP3, {"share": 0.001}),
    "discounted_ucb1": (UCB1, {"discount": 0.99}),
    "discounted_thompson": (Thompson, {"discount": 0.99}),
    "discounted_linucb": (LinUCB, {"discount": 0.999}),
    "discounted_lints": (LinTS, {"discount": 0.999}),
    "window_ucb1": (UCB1, {"window": 500}),
    "window_thompson": (Thompson, {"window": 500}),
    "window_linucb": (LinUCB, {"window": 2000}),
    "window_lints": (LinTS, {"window": 2000}),
}
"""Kind -> its class and the settings that make it that kind."""


def make_bandit(kind: str, arms: int, context_size: int = 0, seed: int = 0, **settings: Any) -> Bandit:
    """A fresh bandit of this kind; the settings are those of its class, such as `alpha`, and `reward_range`."""
    kind_known(kind)
    cls, preset = KINDS[kind]
    known = settings_of(kind)
    for name in settings:
        if name not in known:
            raise ValueError(f"make_bandit({kind!r}): {name!r} is not a setting of it; {guess(name, known)}")
    return cls(arms, context_size=context_size, seed=seed, **{**preset, **settings})


def kind_known(kind: str) -> None:
    """Raises unless there is such a kind."""
    if kind not in KINDS:
        raise ValueError(f"kind: there is no bandit {kind!r}; {guess(kind, KINDS)}")


def settings_of(kind: str) -> dict[str, Any]:
    """The settings that a kind takes, with their defaults."""
    cls, preset = KINDS[kind]
    found: dict[str, Any] = {}
    for owner in reversed(cls.__mro__[:-1]):
        if "__init__" in vars(owner):
            parameters = inspect.signature(owner).parameters.values()
            found |= {one.name: one.default for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD}
    places = ("self", "arms", "context_size", "seed")
    return {name: value for name, value in (found | preset).items() if name not in places}
