"""What the arms of a strategy bandit are called.

Promises: the names of `envs.repairer` for the ten strategies, and numbers for any other set of arms.
"""

from __future__ import annotations

from collections.abc import Sequence


def names_of(arms: int) -> Sequence[str]:
    """The names of so many arms, in order."""
    from envs.repairer.strategies import STRATEGIES

    return STRATEGIES if arms == len(STRATEGIES) else [f"arm_{arm}" for arm in range(arms)]
