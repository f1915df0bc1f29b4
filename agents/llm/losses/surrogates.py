"""The policy losses of the GRPO family and of PPO, and how a matrix of token losses becomes one number.

A level says whose ratio of the policy to its older self counts. A surrogate takes the log-ratio, the log-probs and
the advantages (all [B, T]) and the clip range, and returns the loss of every token. A reduction divides by the
totals of the *whole* optimizer step, so that the parts of a step that do not fit into memory together add up to the
same gradient.

Promises: the gradient at an unchanged policy is that of advantage times log-prob, scaled by the reduction; columns
outside the mask have no part in any result.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Clip:
    """How far a ratio may go: from 1 - low to 1 + high."""

    low: float = 0.2
    high: float = 0.2


Surrogate = Callable[[Tensor, Tensor, Tensor, Clip], Tensor]


Level = Callable[[Tensor, Tensor], Tensor]


def of_tokens(log_ratio: Tensor, mask: Tensor) -> Tensor:
    """Every token has its own ratio."""
    return log_ratio


def of_sequences(log_ratio: Tensor, mask: Tensor) -> Tensor:
    """The ratio of a sequence is the geometric mean of its tokens' (GSPO: Zheng et al. 2025, eq. 5)."""
    mean = (log_ratio * mask).sum(-1, keepdim=True) / mask.sum(-1, keepdim=True).clamp(min=1)
    return mean.expand_as(log_ratio)


def of_whole_sequences(log_ratio: Tensor, mask: Tensor) -> Tensor:
    """The ratio of a sequence as one action is the product of its tokens' (RLOO: Ahmadian et al. 2024, section 3)."""
    return (log_ratio * mask).sum(-1, keepdim=True).expand_as(log_ratio)


def clipped(log_ratio: Tensor, log_probs: Tensor, advantages: Tensor, clip: Clip) -> Tensor:
    """PPO's own (Schulman et al. 2017, eq. 7); with high above low, DAPO's clip-higher (Yu et al. 2025, eq. 8)."""
    ratio = log_ratio.exp()
    kept = ratio.clamp(1 - clip.low, 1 + clip.high)
    return -torch.minimum(ratio * advantages, kept * advantages)


def clipped_weight(log_ratio: Tensor, log_probs: Tensor, advantages: Tensor, clip: Clip) -> Tensor:
    """The weight is clipped and every token keeps its gradient (CISPO: MiniMax 2025, eq. 4-5)."""
    weight = log_ratio.exp().clamp(1 - clip.low, 1 + clip.high).detach()
    return -weight * advantages * log_probs


def clip_share(
    log_ratio: Tensor, advantages: Tensor, mask: Tensor, clip: Clip, surrogate: Surrogate = clipped
) -> Tensor:
    """The share of tokens whose gradient the clip removes or, where all keep theirs, whose weight it bounds."""
    ratio = log_ratio.exp()
    below, above = ratio < 1 - clip.low, ratio > 1 + clip.high
    cut = below | above if surrogate is clipped_weight else (below & (advantages < 0)) | (above & (advantages > 0))
    return (cut & mask).sum() / mask.sum().clamp(min=1)


@dataclass(frozen=True)
class Totals:
    """What a whole optimizer step holds; the same for all of its micro-batches."""

    sequences: int
    tokens: int
    most_tokens: int
    """The greatest length a sequence of this run may have."""


Reduction = Callable[[Tensor, Tensor, Totals], Tensor]


def sequence_mean(loss: Tensor, mask: Tensor, totals: Totals) -> Tensor:
    """Every sequence counts the same (GRPO: Shao et al. 2024, eq. 3)."""
    means = (loss * mask).sum(-1) / mask.sum(-1).clamp(min=1)
    return means.sum() / max(totals.sequences, 1)


def token_mean(loss: Tensor, mask: Tensor, totals: Totals) -> Tensor:
    """Every token counts the same (DAPO: Yu et al. 2025, eq. 12)."""
    return (loss * mask).sum() / max(totals.tokens, 1)


def constant_length(loss: Tensor, mask: Tensor, totals: Totals) -> Tensor:
    """The sum of a sequence over a constant, so that length has no reward of its own (Dr. GRPO: Liu et al. 2025)."""
    return (loss * mask).sum() / (max(totals.sequences, 1) * totals.most_tokens)
