"""Packages that the core does not install, and the command that does.

Promises: a missing one is a ValueError that names it and the command, in one sentence, before anything heavy is loaded.
"""

from __future__ import annotations

import importlib.util

EXTRAS = {
    "llm": ("torch", "transformers", "peft"),
    "sb3": ("torch", "stable_baselines3"),
}
"""Extra -> what it brings that all who need it import; `trl` is needed by few."""


def need(package: str, extra: str, what: str) -> None:
    """Raises when an optional package is missing."""
    if importlib.util.find_spec(package) is None:
        raise ValueError(f"{what} needs {package}; install it with: pip install '.[{extra}]'")


def need_extra(extra: str, what: str) -> None:
    """Raises when one of these packages of an extra is missing."""
    for package in EXTRAS[extra]:
        need(package, extra, what)
