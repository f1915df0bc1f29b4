"""PPO with a value head: a baseline for every id, where there need be no groups.

Promises: advantages run over the policy's own ids alone, so ids that the environment inserts between two
answers leave them exactly as they are; a reward stands at the last id of the answer that earned it. Does not
promise that the value head shares nothing with the policy: it reads the same last layer, and its gradient
goes through unless `value_coefficient` is 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from agents.llm.episodes import Episode
from agents.llm.learning import Metrics, Passes, Prepared, Stats, matrix, reference_of, sample_of, score_all
from agents.llm.losses import critic
from agents.llm.losses.divergence import AdaptiveCoefficient, k1, k3
from agents.llm.losses.importance import check_correction, correction
from agents.llm.losses.surrogates import Clip, Totals, clip_share, clipped, token_mean
from agents.llm.policy import Policy
from agents.llm.scoring import Scores


@dataclass(frozen=True)
class PpoSettings:
    """How a batch of episodes is learnt from."""

    clip: float = 0.2
    value_clip: float = 0.2
    value_coefficient: float = 0.1
    discount: float = 1.0
    smoothing: float = 0.95
    """Lambda of GAE: 1 trusts the rewards, 0 the values."""
    whiten: bool = True
    kl_coefficient: float = 0.0
    """Taken off the reward of every id, times log p/q."""
    kl_target: float | None = None
    """The divergence per episode that the coefficient is steered to; None leaves it alone."""
    kl_horizon: int = 10_000
    entropy_coefficient: float = 0.0
    correction: str | None = None
    """How to correct the policy's part of the loss for a sampler that is not the learner; None: not at all."""
    correction_limit: float = 2.0
    temperature: float = 1.0

    def __post_init__(self) -> None:
        check_correction(self.correction)
        for name in ("discount", "smoothing"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"agent.{name}: {getattr(self, name)}; give a number from 0 to 1")
        if self.temperature <= 0:
            raise ValueError(
                f"agent.temperature: {self.temperature}; a policy that learns must sample: give more than 0"
            )
        if self.kl_target is not None and not self.kl_coefficient:
            raise ValueError("agent.kl_target: there is nothing to steer; set agent.kl_coefficient to more than 0 too")


@dataclass
class Ppo:
    """The method."""

    settings: PpoSettings
    passes: Passes
    coefficient: AdaptiveCoefficient = field(init=False)

    def __post_init__(self) -> None:
        given = self.settings
        self.coefficient = AdaptiveCoefficient(given.kl_coefficient, given.kl_target, given.kl_horizon)

    @property
    def temperature(self) -> float:
        """That of sampling."""
        return self.settings.temperature

    @property
    def needs_reference(self) -> bool:
        """Whether the divergence from the start matters."""
        return self.settings.kl_coefficient != 0

    def prepare(self, policy: Policy, episodes: Sequence[Episode], micro_batch_ids: int) -> tuple[Prepared, Metrics]:
        """The matrices of a batch."""
        samples = [sample_of(episode) for episode in episodes]
        sampler, mask = matrix([episode.conversation.log_probs for episode in episodes], policy.device)
        before = score_all(policy, samples, self.temperature, micro_batch_ids)
        assert before.values is not None
        penalties, reference, metrics = torch.zeros_like(sampler), None, {}
        if self.needs_reference:
            reference = reference_of(policy, samples, self.temperature, micro_batch_ids)
            gap = torch.where(mask, k1(before.log_probs, reference), 0)
            penalties = self.coefficient.value * gap
            metrics = {"kl_coefficient": self.coefficient.value, "kl_per_episode": float(gap.sum(-1).mean())}
            self.coefficient.update(metrics["kl_per_episode"], len(episodes))
        rewards = critic.token_rewards(_at_turn_ends(episodes, mask), penalties, mask)
        given = self.settings
        advantages, targets = critic.generalised_advantages(
            rewards, before.values, mask, given.discount, given.smoothing
        )
        metrics |= _explained(before.values[mask], targets[mask])
        if given.whiten:
            advantages = critic.whiten(advantages, mask)
        prepared = Prepared(samples, mask, sampler, advantages, before.log_probs, reference)
        prepared.old_values, prepared.targets = before.values, targets
        if given.correction is not None:
            prepared.weights = correction(given.correction, before.log_probs, sampler, mask, given.correction_limit)
            metrics["weight"] = float(prepared.weights[mask].mean())
        prepared.teaching = list(range(len(samples)))
        return prepared, metrics

    def state(self) -> dict[str, float]:
        """The coefficient that adapts."""
        return {"kl_coefficient": self.coefficient.value}

    def restore(self, state: dict[str, float]) -> None:
        """Goes back to a `state()`."""
        self.coefficient.value = state["kl_coefficient"]

    def loss(self, scores: Scores, part: Prepared, totals: Totals) -> tuple[Tensor, Stats]:
        """The loss of a part of a batch."""
        assert part.old is not None
        assert part.old_values is not None
        assert part.targets is not None
        assert scores.values is not None
        given, mask = self.settings, part.mask
        log_ratio = scores.log_probs - part.old
        clip = Clip(given.clip, given.clip)
        each = clipped(log_ratio, scores.log_probs, part.advantages, clip)
        if part.weights is not None:
            each = each * part.weights
        errors = critic.clipped_value_loss(scores.values, part.old_values, part.targets, given.value_clip)
        loss = token_mean(each + given.value_coefficient * errors, mask, totals)
        if given.entropy_coefficient:
            loss = loss - given.entropy_coefficient * token_mean(scores.entropy, mask, totals)
        ratio = log_ratio.detach()
        stats = {
            "entropy": (scores.entropy.detach() * mask).sum(),
            "sampler_gap": ((part.old - part.sampler).abs() * mask).sum(),
            "clip_share": clip_share(ratio, part.advantages, mask, clip) * mask.sum(),
            "step_kl": ((torch.expm1(ratio) - ratio) * mask).sum(),
            "value_loss": (errors.detach() * mask).sum(),
        }
        if part.reference is not None:
            stats["kl"] = (k3(scores.log_probs.detach(), part.reference) * mask).sum()
        return loss, stats


def _at_turn_ends(episodes: Sequence[Episode], mask: Tensor) -> Tensor:
    """Every answer's reward at its last id."""
    rewards = torch.zeros(mask.shape, device=mask.device)
    for row, episode in enumerate(episodes):
        for end, reward in zip(episode.conversation.turn_ends, episode.rewards, strict=True):
            rewards[row, end - 1] += reward
    return rewards


def _explained(values: Tensor, targets: Tensor) -> Metrics:
    """The share of the targets' variance that the values foresaw."""
    variance = float(targets.var()) if len(targets) > 1 else 0.0
    return {"explained_variance": 1 - float((targets - values).var()) / variance} if variance else {}
