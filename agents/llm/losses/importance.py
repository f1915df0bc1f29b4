"""Correction for a sampler that is not the learner: another engine, another precision, older weights.

Promises: weights are 1 where sampler and learner agree, and never above the limit. Does not promise to save a run
whose sampler used a truncated distribution (top-p, top-k): its log-probs are of another distribution, which the
trainer refuses beforehand.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


def token_truncate(gap: Tensor, mask: Tensor, most: float) -> Tensor:
    """Every token's own ratio, cut at `most` (TIS: Yao et al. 2025)."""
    return gap.exp().clamp(max=most)


def token_mask(gap: Tensor, mask: Tensor, most: float) -> Tensor:
    """Tokens whose ratio is above `most` are left out (IcePop: Ling team 2025)."""
    ratio = gap.exp()
    return torch.where(ratio > most, 0, ratio)


def sequence_truncate(gap: Tensor, mask: Tensor, most: float) -> Tensor:
    """The ratio of the whole sequence, cut at `most`."""
    return (gap * mask).sum(-1, keepdim=True).exp().clamp(max=most).expand_as(gap)


def sequence_mask(gap: Tensor, mask: Tensor, most: float) -> Tensor:
    """Sequences whose ratio is above `most` are left out (MIS: Liu et al. 2025)."""
    ratio = (gap * mask).sum(-1, keepdim=True).exp()
    return torch.where(ratio > most, 0, ratio).expand_as(gap)


CORRECTIONS: dict[str, Callable[[Tensor, Tensor, float], Tensor]] = {
    "token_truncate": token_truncate,
    "token_mask": token_mask,
    "sequence_truncate": sequence_truncate,
    "sequence_mask": sequence_mask,
}


def check_correction(kind: str | None) -> None:
    """Refuses a correction that does not exist."""
    if kind is not None and kind not in CORRECTIONS:
        raise ValueError(f"agent.correction: {kind!r}; choose from {', '.join(CORRECTIONS)}, or leave it")


def correction(kind: str, learner: Tensor, sampler: Tensor, mask: Tensor, most: float) -> Tensor:
    """The weight of every token; 1 where the sampler's log-prob is unknown (NaN)."""
    gap = torch.where(mask, learner - sampler, 0).nan_to_num(nan=0.0)
    return CORRECTIONS[kind](gap, mask, most)
