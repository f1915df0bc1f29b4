"""How far the policy is from its reference, token by token, and a coefficient that keeps it at a distance.

Promises: all three estimators of Schulman ("Approximating KL divergence", 2020) are 0 where the policies agree,
and have the divergence as their mean over the policy's own samples (k2 only nearly so).
Does not promise a useful gradient from every one: k1's has mean 0, so it may be put into the reward and not into
the loss (`IN_LOSS` says which may).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor


def k1(log_probs: Tensor, reference: Tensor) -> Tensor:
    """log(p/q): unbiased, of high variance, negative at times."""
    return log_probs - reference


def k2(log_probs: Tensor, reference: Tensor) -> Tensor:
    """Half the square of log(p/q): biased a little; its gradient is that of the divergence."""
    return (log_probs - reference).square() / 2


def k3(log_probs: Tensor, reference: Tensor) -> Tensor:
    """q/p - 1 - log(q/p): unbiased, never negative (GRPO: Shao et al. 2024, eq. 4)."""
    gap = reference - log_probs
    return torch.expm1(gap) - gap


ESTIMATORS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {"k1": k1, "k2": k2, "k3": k3}
IN_LOSS = ("k2", "k3")


@dataclass
class AdaptiveCoefficient:
    """A coefficient that rises while the divergence is above its target (Ziegler et al. 2019, section 2.2).

    One batch changes it by a fifth at most, however many sequences it has, so it stays above 0.
    """

    value: float
    target: float | None = None
    """The wanted divergence per sequence; None keeps the coefficient as it is."""
    horizon: int = 10_000
    """After about so many sequences a constant error has changed the coefficient by a fifth."""

    def update(self, divergence: float, sequences: int) -> None:
        """Takes the mean divergence of a batch into account."""
        if self.target is None:
            return
        error = min(max(divergence / self.target - 1, -0.2), 0.2)
        self.value *= 1 + error * min(sequences / self.horizon, 1)
