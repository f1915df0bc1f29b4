"""The embedded program repairer: search over edits of the syntax tree, guided by failing tests.

Promises: importing this package loads nothing but what is named; its many rules come with the first use of
`EmbeddedRepairer` or `repair`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from envs.repairer.strategies import MEANING, STRATEGIES

if TYPE_CHECKING:
    from envs.repairer.embedded import EmbeddedRepairer
    from envs.repairer.patient import Attempt, Patient, Repairer
    from envs.repairer.repairing import Repaired, repair

__all__ = ["MEANING", "STRATEGIES", "Attempt", "EmbeddedRepairer", "Patient", "Repaired", "Repairer", "repair"]

_HOMES = {
    "EmbeddedRepairer": "embedded",
    "Attempt": "patient",
    "Patient": "patient",
    "Repairer": "patient",
    "Repaired": "repairing",
    "repair": "repairing",
}


def __getattr__(name: str) -> Any:
    """Loads a name's module when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
