"""PPO's half of the formulas: advantages from a value function, and the loss of that function.

Promises: everything runs over the policy's own tokens, which are all there is in these matrices; what stands in
the padding (`mask` False) cannot leak into a result, however large it is.
"""

from __future__ import annotations

import torch
from torch import Tensor


def token_rewards(rewards: Tensor, penalties: Tensor, mask: Tensor) -> Tensor:
    """Rewards at the tokens that earned them, less each token's penalty (Ouyang et al. 2022, eq. 2)."""
    return torch.where(mask, rewards - penalties, 0)


def generalised_advantages(
    rewards: Tensor, values: Tensor, mask: Tensor, discount: float, smoothing: float
) -> tuple[Tensor, Tensor]:
    """Advantages and value targets (GAE: Schulman et al. 2016, eq. 16); an episode's end is worth 0. All [B, T]."""
    values = torch.where(mask, values, 0)
    advantages = torch.zeros_like(values)
    next_advantage = next_value = torch.zeros_like(values[:, 0])
    for time in reversed(range(values.shape[1])):
        here = mask[:, time]
        surprise = rewards[:, time] + discount * next_value - values[:, time]
        advantage = torch.where(here, surprise + discount * smoothing * next_advantage, 0)
        advantages[:, time] = advantage
        next_advantage, next_value = advantage, values[:, time]
    return advantages, advantages + values


def whiten(advantages: Tensor, mask: Tensor) -> Tensor:
    """Mean 0 and deviation 1 over the own tokens of the batch; exactly 0 where all are equal."""
    own = advantages[mask]
    if len(own) < 2 or bool((own == own[0]).all()):
        return torch.zeros_like(advantages)
    return torch.where(mask, (advantages - own.mean()) / (own.std() + 1e-8), 0)


def clipped_value_loss(values: Tensor, old_values: Tensor, targets: Tensor, clip: float) -> Tensor:
    """Half the squared error, the worse of the value and of the value kept near the old one (Schulman et al. 2017)."""
    near = old_values + (values - old_values).clamp(-clip, clip)
    return torch.maximum((values - targets).square(), (near - targets).square()) / 2
