"""GRPO and its family: what a batch of groups teaches, by the table of `algorithms.py`.

Promises: a group with equal rewards has no part in any gradient of the surrogate; log-probs are taken under the
temperature of sampling; without an update between sampling and learning, and with the learner as sampler, every
ratio is exactly 1. Does not promise a critic: that is PPO's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from agents.llm.algorithms import Algorithm, find_algorithm
from agents.llm.episodes import Episode
from agents.llm.learning import (
    Metrics,
    Passes,
    Prepared,
    Stats,
    matrix,
    reference_of,
    sample_of,
    score_all,
)
from agents.llm.losses.advantages import overlong_penalty
from agents.llm.losses.divergence import ESTIMATORS, IN_LOSS, k1, k3
from agents.llm.losses.importance import check_correction, correction
from agents.llm.losses.surrogates import Clip, Totals, clip_share, token_mean
from agents.llm.policy import Policy
from agents.llm.scoring import Scores


@dataclass(frozen=True)
class GrpoSettings:
    """How a batch of groups is learnt from."""

    algorithm: str = "grpo"
    """One of `algorithms.ALGORITHMS`."""
    clip_low: float | None = None
    """None: the algorithm's own; so for clip_high."""
    clip_high: float | None = None
    kl_coefficient: float = 0.0
    kl_estimator: str = "k3"
    """k2 or k3; what is taken off the reward (reinforce_pp) is always k1."""
    entropy_coefficient: float = 0.0
    overlong_buffer: int = 0
    """Answers that end in the last so many ids before the limit lose up to 1 (DAPO's soft punishment)."""
    mask_cut: bool = False
    """Whether an episode with an answer that a limit cut off teaches nothing (DAPO's overlong filtering); it counts in
    the baseline.
    """
    correction: str | None = None
    """How to correct for a sampler that is not the learner; None: not at all."""
    correction_limit: float = 2.0
    temperature: float = 1.0

    def __post_init__(self) -> None:
        find_algorithm(self.algorithm)
        if self.kl_estimator not in IN_LOSS:
            raise ValueError(
                f"agent.kl_estimator: {self.kl_estimator!r}; in a loss only {' and '.join(IN_LOSS)} have a gradient "
                "that leads anywhere"
            )
        check_correction(self.correction)
        if self.temperature <= 0:
            raise ValueError(
                f"agent.temperature: {self.temperature}; a policy that learns must sample: give more than 0"
            )


@dataclass
class Grpo:
    """The method."""

    settings: GrpoSettings
    passes: Passes
    answer_ids: int
    """The most ids of an answer, for the penalty of long ones."""
    algorithm: Algorithm = field(init=False)
    clip: Clip = field(init=False)

    def __post_init__(self) -> None:
        self.algorithm = find_algorithm(self.settings.algorithm)
        given, own = self.settings, self.algorithm.clip
        self.clip = Clip(
            own.low if given.clip_low is None else given.clip_low,
            own.high if given.clip_high is None else given.clip_high,
        )

    @property
    def temperature(self) -> float:
        """That of sampling."""
        return self.settings.temperature

    @property
    def needs_reference(self) -> bool:
        """Whether the divergence from the start matters."""
        return self.settings.kl_coefficient != 0

    def rewards(self, episodes: Sequence[Episode]) -> Tensor:
        """What each episode earned, less the penalty of a long answer."""
        earned = torch.tensor([episode.reward for episode in episodes], dtype=torch.float64)
        if not self.settings.overlong_buffer:
            return earned
        longest = torch.tensor([_longest_answer(episode) for episode in episodes])
        return earned + overlong_penalty(longest, self.answer_ids, self.settings.overlong_buffer)

    def prepare(self, policy: Policy, episodes: Sequence[Episode], micro_batch_ids: int) -> tuple[Prepared, Metrics]:
        """The matrices of a batch."""
        samples = [sample_of(episode) for episode in episodes]
        sampler, mask = matrix([episode.conversation.log_probs for episode in episodes], policy.device)
        given, reference, old, weights = self.settings, None, None, None
        if self.needs_reference:
            reference = reference_of(policy, samples, self.temperature, micro_batch_ids)
        if not self.passes.strictly_on_policy or given.correction or self.algorithm.penalty_in_reward:
            old = score_all(policy, samples, self.temperature, micro_batch_ids).log_probs
        if given.correction is not None and old is not None:
            weights = correction(given.correction, old, sampler, mask, given.correction_limit)
        advantages = self._advantages(episodes, mask, old, reference)
        prepared = Prepared(samples, mask, sampler, advantages, old, reference, weights)
        prepared.teaching = self._teaching(episodes, advantages)
        return prepared, {"weight": float(weights[mask].mean())} if weights is not None else {}

    def _advantages(
        self, episodes: Sequence[Episode], mask: Tensor, old: Tensor | None, reference: Tensor | None
    ) -> Tensor:
        penalties = torch.zeros(mask.shape, device=mask.device)
        if self.algorithm.penalty_in_reward and old is not None and reference is not None:
            penalties = self.settings.kl_coefficient * k1(old, reference)
        groups = torch.tensor([episode.group for episode in episodes])
        rewards = self.rewards(episodes)
        found = self.algorithm.advantage(rewards.to(mask.device), groups.to(mask.device), penalties, mask)
        if self.settings.mask_cut:
            found[torch.tensor([episode.cut for episode in episodes], device=mask.device)] = 0
        return found

    def _teaching(self, episodes: Sequence[Episode], advantages: Tensor) -> list[int]:
        """Rows with an advantage; where divergence or entropy teach as well, all rows but those that are masked."""
        if self.needs_reference or self.settings.entropy_coefficient:
            return [row for row, episode in enumerate(episodes) if not (self.settings.mask_cut and episode.cut)]
        return [int(row) for row in (advantages != 0).any(-1).nonzero()]

    def state(self) -> dict[str, float]:
        """Nothing of its own."""
        return {}

    def restore(self, state: dict[str, float]) -> None:
        """Nothing to go back to."""

    def loss(self, scores: Scores, part: Prepared, totals: Totals) -> tuple[Tensor, Stats]:
        """The loss of a part of a batch."""
        given, mask = self.settings, part.mask
        old = scores.log_probs.detach() if part.old is None else part.old
        log_ratio = self.algorithm.level(scores.log_probs - old, mask)
        rule = self.algorithm.surrogate
        each = rule(log_ratio, scores.log_probs, part.advantages, self.clip)
        if part.weights is not None:
            each = each * part.weights
        stats = {
            "entropy": (scores.entropy.detach() * mask).sum(),
            "sampler_gap": ((old - part.sampler).abs() * mask).sum(),
            "clip_share": clip_share(log_ratio.detach(), part.advantages, mask, self.clip, rule) * mask.sum(),
            "step_kl": (k3(old, scores.log_probs.detach()) * mask).sum(),
        }
        if part.reference is not None:
            if not self.algorithm.penalty_in_reward:
                each = each + given.kl_coefficient * ESTIMATORS[given.kl_estimator](scores.log_probs, part.reference)
            stats["kl"] = (k3(scores.log_probs.detach(), part.reference) * mask).sum()
        loss = self.algorithm.reduction(each, mask, totals)
        if given.entropy_coefficient:
            loss = loss - given.entropy_coefficient * token_mean(scores.entropy, mask, totals)
        return loss, stats


def _longest_answer(episode: Episode) -> int:
    ends = [0, *episode.conversation.turn_ends]
    return max(after - before for before, after in zip(ends, ends[1:], strict=False))
