"""How much better than expected each sample was: the advantages of the GRPO family.

Promises: a reward of NaN (a fault of the machine) gets advantage 0 and no part in any baseline; a group whose
usable rewards are all equal, or which has fewer than two of them, gets exactly 0 everywhere.
Does not promise that a group is a group: the caller says which samples were asked the same question.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

EPSILON = 1e-4
"""Added to a standard deviation before dividing by it, as TRL does."""


def group_relative(rewards: Tensor, groups: Tensor) -> Tensor:
    """The reward's distance from its group's mean, in standard deviations (GRPO: Shao et al. 2024, eq. 4)."""
    return _per_group(rewards, groups, lambda own: (own - own.mean()) / (own.std() + EPSILON))


def group_centred(rewards: Tensor, groups: Tensor) -> Tensor:
    """The same without the deviation, which favours easy and hopeless questions (Dr. GRPO: Liu et al. 2025, eq. 3)."""
    return _per_group(rewards, groups, lambda own: own - own.mean())


def leave_one_out(rewards: Tensor, groups: Tensor) -> Tensor:
    """The reward less the mean of the *other* samples of the group (RLOO: Ahmadian et al. 2024, eq. 7)."""
    return _per_group(rewards, groups, lambda own: (own - own.mean()) * (len(own) / (len(own) - 1)))


def _per_group(rewards: Tensor, groups: Tensor, rule: Callable[[Tensor], Tensor]) -> Tensor:
    result = torch.zeros_like(rewards)
    for number in groups.unique():
        here = (groups == number) & ~rewards.isnan()
        if not _is_dead(rewards[here]):
            result[here] = rule(rewards[here])
    return result


def _is_dead(rewards: Tensor) -> bool:
    return len(rewards) < 2 or bool((rewards == rewards[0]).all())


def batch_returns(rewards: Tensor, penalties: Tensor, mask: Tensor) -> Tensor:
    """A token's return, all later penalties taken off, standardised over the batch (REINFORCE++: Hu 2025, eq. 5-7).

    rewards [B], penalties and mask [B, T], result [B, T].
    """
    later = torch.where(mask, penalties, 0).flip(-1).cumsum(-1).flip(-1)
    returns = rewards[:, None] - later
    usable = mask & ~rewards.isnan()[:, None]
    own = returns[usable]
    if len(own) < 2 or bool((own == own[0]).all()):
        return torch.zeros_like(penalties)
    return torch.where(usable, (returns - own.mean()) / (own.std() + EPSILON), 0)


def overlong_penalty(lengths: Tensor, most: int, buffer: int) -> Tensor:
    """0 up to `most - buffer` tokens, falling to -1 at `most` (DAPO: Yu et al. 2025, eq. 13)."""
    if buffer <= 0:
        return torch.zeros(len(lengths))
    return ((most - buffer - lengths) / buffer).clamp(-1, 0)


@dataclass(frozen=True)
class Census:
    """How many groups of a batch can teach."""

    groups: int
    low: int
    """Dead groups whose common reward is the lowest of several in the batch, or not above 0: too hard."""
    high: int
    """The other dead groups: too easy."""
    faulty: int
    """Groups that faults left with fewer than two usable samples."""

    @property
    def dead(self) -> int:
        """All groups that teach nothing."""
        return self.low + self.high + self.faulty

    @property
    def share(self) -> float:
        """The share of dead groups."""
        return self.dead / self.groups if self.groups else 0.0


def live_groups(rewards: Tensor, groups: Tensor) -> list[int]:
    """The numbers of the groups that teach something, by exact comparison of their rewards."""
    usable = ~rewards.isnan()
    return [int(number) for number in groups.unique() if not _is_dead(rewards[(groups == number) & usable])]


def census(rewards: Tensor, groups: Tensor) -> Census:
    """Counts the groups of a batch by what they can teach."""
    alive = set(live_groups(rewards, groups))
    usable = ~rewards.isnan()
    values = rewards[usable].unique()
    least = max(float(values.min()), 0.0) if len(values) > 1 else 0.0  # one reward alone is not low beside another
    low = high = faulty = 0
    for number in groups.unique().tolist():
        own = rewards[(groups == number) & usable]
        if number in alive:
            continue
        if len(own) < 2:
            faulty += 1
        elif float(own[0]) <= least:
            low += 1
        else:
            high += 1
    return Census(len(groups.unique()), low, high, faulty)
