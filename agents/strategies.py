"""What the arms of a strategy bandit are called, and what they are tried on.

Promises: the names of `envs.repairer` for the ten strategies, and numbers for the arms of somebody else's environment.
"""

from __future__ import annotations

from collections.abc import Sequence

from envs.registration import ENTRY_POINTS


def noun_of(environment: str) -> str:
    """What the episodes of an environment begin with, for a reader."""
    return "bugs" if environment in ENTRY_POINTS else "starts"


def names_of(arms: int, ours: bool = True) -> Sequence[str]:
    """The names of so many arms, in order, of an environment of `envs` or of another package."""
    from envs.repairer.strategies import STRATEGIES

    return STRATEGIES if ours and arms == len(STRATEGIES) else [f"arm_{arm}" for arm in range(arms)]
