"""The GRPO family as a table: each algorithm is an advantage, a level, a surrogate, a reduction and a clip
range.

A new algorithm is a new line here and, where it has a formula of its own, a new function in `losses/`.

Promises: an unknown name is a ValueError that names the nearest known one. Does not promise the papers'
results.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from agents.llm.losses import surrogates
from agents.llm.losses.advantages import batch_returns, group_centred, group_relative, leave_one_out
from agents.llm.losses.surrogates import Clip, Level, Reduction, Surrogate

Advantage = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]
"""Of rewards [B], groups [B], penalties [B, T] and mask [B, T]; gives the advantages [B, T]."""


@dataclass(frozen=True)
class Algorithm:
    """One member of the family."""

    paper: str
    advantage: Advantage
    surrogate: Surrogate
    reduction: Reduction
    clip: Clip = Clip()
    level: Level = surrogates.of_tokens
    penalty_in_reward: bool = False
    """Whether the divergence from the reference is taken off the reward instead of being added to the loss."""
    resamples: bool = False
    """Whether dead groups are replaced by new ones (dynamic sampling)."""


def _of_sequences(rule: Callable[[Tensor, Tensor], Tensor]) -> Advantage:
    """The advantage of a sequence, given to each of its tokens."""
    return lambda rewards, groups, penalties, mask: rule(rewards, groups)[:, None].to(penalties.dtype) * mask


def _of_tokens(rewards: Tensor, groups: Tensor, penalties: Tensor, mask: Tensor) -> Tensor:
    return batch_returns(rewards.to(penalties.dtype), penalties, mask)


_RELATIVE, _CENTRED = _of_sequences(group_relative), _of_sequences(group_centred)

ALGORITHMS: dict[str, Algorithm] = {
    "grpo": Algorithm("Shao et al. 2024", _RELATIVE, surrogates.clipped, surrogates.sequence_mean),
    "grpo_no_std": Algorithm("Liu et al. 2025", _CENTRED, surrogates.clipped, surrogates.sequence_mean),
    "dr_grpo": Algorithm("Liu et al. 2025", _CENTRED, surrogates.clipped, surrogates.constant_length),
    "dapo": Algorithm(
        "Yu et al. 2025", _RELATIVE, surrogates.clipped, surrogates.token_mean, Clip(0.2, 0.28), resamples=True
    ),
    "gspo": Algorithm(
        "Zheng et al. 2025",
        _RELATIVE,
        surrogates.clipped,
        surrogates.sequence_mean,
        Clip(3e-4, 4e-4),
        surrogates.of_sequences,
    ),
    "cispo": Algorithm("MiniMax 2025", _RELATIVE, surrogates.clipped_weight, surrogates.token_mean, Clip(1.0, 0.28)),
    "rloo": Algorithm(
        "Ahmadian et al. 2024",
        _of_sequences(leave_one_out),
        surrogates.clipped,
        surrogates.sequence_mean,
        level=surrogates.of_whole_sequences,
    ),
    "reinforce_pp": Algorithm("Hu 2025", _of_tokens, surrogates.clipped, surrogates.token_mean, penalty_in_reward=True),
}


def find_algorithm(name: str) -> Algorithm:
    """The algorithm of that name."""
    if name not in ALGORITHMS:
        near = difflib.get_close_matches(name, ALGORITHMS, n=1, cutoff=0.3)
        meant = f"did you mean {near[0]!r}? " if near else ""
        raise ValueError(f"algorithm: {name!r} is unknown; {meant}choose from {', '.join(ALGORITHMS)}")
    return ALGORITHMS[name]
