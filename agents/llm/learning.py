"""One step of learning: a batch of scored episodes in, changed weights out, whatever the method.

A method (GRPO's family, PPO) prepares the matrices of a batch and says what the loss of a part of it is; here
the parts are cut to fit into memory, their gradients added up, and the steps taken.

Promises: the gradient does not depend on how the batch is cut (but for rounding); what cannot teach is not
computed, and a batch of which nothing can teach changes nothing at all; when memory runs out, the same step
is done again in smaller parts. Does not promise that a step is small: that is what clip ranges are for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Protocol, TypeVar

import torch
from torch import Tensor

from agents.llm.episodes import Episode
from agents.llm.guards import NotFinite, TrainingStopped, is_out_of_memory
from agents.llm.losses.surrogates import Totals
from agents.llm.optimizer import Optimizer
from agents.llm.policy import Policy
from agents.llm.scoring import Sample, Scores, micro_batches

T = TypeVar("T")
Metrics = dict[str, float]


@dataclass(frozen=True)
class Passes:
    """How often a batch is learnt from, and in which parts."""

    epochs: int = 1
    minibatches: int = 1
    """Optimizer steps in an epoch."""
    micro_batch_ids: int = 8192
    """The most ids that go through the model at once when learning."""

    @property
    def strictly_on_policy(self) -> bool:
        """Whether the only step is taken from the very weights that sampled."""
        return self.epochs * self.minibatches == 1


@dataclass
class Prepared:
    """A batch as the losses see it: a row for each sample, a column for each own id."""

    samples: list[Sample]
    mask: Tensor
    sampler: Tensor
    """Log-probs as the sampler gave them."""
    advantages: Tensor
    old: Tensor | None = None
    """The learner's own log-probs before the first step; None: those of the only step itself."""
    reference: Tensor | None = None
    weights: Tensor | None = None
    """Corrections for a sampler that is not the learner."""
    old_values: Tensor | None = None
    targets: Tensor | None = None
    teaching: list[int] = field(default_factory=list)
    """The rows from which a gradient can come."""

    def part(self, rows: Sequence[int], columns: int) -> Prepared:
        """Some rows, as wide as they need to be."""
        place = torch.tensor(rows, device=self.mask.device)

        def cut(matrix: Tensor | None) -> Tensor | None:
            return None if matrix is None else matrix[place, :columns]

        old, reference, weights = cut(self.old), cut(self.reference), cut(self.weights)
        return Prepared(
            [self.samples[row] for row in rows],
            self.mask[place, :columns],
            self.sampler[place, :columns],
            self.advantages[place, :columns],
            old,
            reference,
            weights,
            cut(self.old_values),
            cut(self.targets),
        )


Stats = dict[str, Tensor]
"""Sums over the own ids of a part, without gradient; divided by the ids of the step they are means."""


class Method(Protocol):
    """What makes a batch of episodes a loss."""

    @property
    def temperature(self) -> float:
        """That of sampling."""

    @property
    def needs_reference(self) -> bool:
        """Whether the divergence from the start matters."""

    def prepare(self, policy: Policy, episodes: Sequence[Episode], micro_batch_ids: int) -> tuple[Prepared, Metrics]:
        """The matrices of a batch."""

    def loss(self, scores: Scores, part: Prepared, totals: Totals) -> tuple[Tensor, Stats]:
        """The loss of a part, and what is to be logged."""

    def state(self) -> dict[str, float]:
        """What changes from step to step."""

    def restore(self, state: dict[str, float]) -> None:
        """Goes back to a `state()`."""


def sample_of(episode: Episode) -> Sample:
    """An episode as it is scored."""
    conversation = episode.conversation
    return Sample(conversation.ids, conversation.own, conversation.opening)


def matrix(rows: Sequence[Sequence[float]], device: torch.device) -> tuple[Tensor, Tensor]:
    """Numbers of unequal counts as a matrix, and the mask of those that are there."""
    longest = max(map(len, rows), default=0)
    data = torch.tensor([[*row, *[0.0] * (longest - len(row))] for row in rows], device=device)
    counts = torch.tensor([len(row) for row in rows], device=device)
    return data, torch.arange(longest, device=device) < counts[:, None]


def score_all(policy: Policy, samples: Sequence[Sample], temperature: float, most_ids: int) -> Scores:
    """Log-probs, entropies and values of a whole batch, without gradient."""
    columns = max(sum(sample.own) for sample in samples)
    log_probs = torch.zeros(len(samples), columns, device=policy.device)
    entropy, values = torch.zeros_like(log_probs), torch.zeros_like(log_probs)
    mask = torch.zeros_like(log_probs, dtype=torch.bool)
    with torch.no_grad():
        for rows in micro_batches(samples, most_ids, policy.shares_openings):
            found = policy.score([samples[row] for row in rows], temperature)
            width = found.mask.shape[1]
            log_probs[rows, :width], entropy[rows, :width] = found.log_probs, found.entropy
            mask[rows, :width] = found.mask
            if found.values is not None:
                values[rows, :width] = found.values
    return Scores(log_probs, entropy, mask, values)


def reference_of(policy: Policy, samples: Sequence[Sample], temperature: float, most_ids: int) -> Tensor:
    """The reference's log-probs of a whole batch."""
    result = torch.zeros(len(samples), max(sum(sample.own) for sample in samples), device=policy.device)
    for rows in micro_batches(samples, most_ids, policy.shares_openings):
        found = policy.reference_log_probs([samples[row] for row in rows], temperature)
        result[rows, : found.shape[1]] = found
    return result


class Learner:
    """A policy, its optimizer, and the method that teaches it."""

    def __init__(self, policy: Policy, optimizer: Optimizer, method: Method, passes: Passes, most_tokens: int):
        self.policy, self.optimizer, self.method, self.passes = policy, optimizer, method, passes
        self._most_tokens = most_tokens
        self.micro_batch_ids = passes.micro_batch_ids
        """Smaller than asked for after memory has run out."""
        self.taught = False
        """Whether the last batch had more to teach than to stay near the start."""

    def learn(self, episodes: Sequence[Episode], seed: int) -> Metrics:
        """Learns from a batch without faults."""
        prepared, metrics = self._within_memory(lambda: self._prepare(episodes))
        advantages = bool((prepared.advantages != 0).any())
        self.taught = advantages or (bool(prepared.teaching) and not self.method.needs_reference)
        norms: list[float] = []
        seen: list[Metrics] = []
        for rows in self._minibatches(len(episodes), seed):
            stats, norm = self._within_memory(partial(self._step, prepared, rows))
            if norm is not None:
                norms.append(norm)
                seen.append(stats)
        if seen:
            metrics |= {name: sum(each[name] for each in seen) / len(seen) for name in seen[0]}
            metrics["gradient_norm"] = sum(norms) / len(norms)
        return metrics | {"steps_taken": float(len(norms))}

    def _prepare(self, episodes: Sequence[Episode]) -> tuple[Prepared, Metrics]:
        return self.method.prepare(self.policy, episodes, self.micro_batch_ids)

    def _minibatches(self, count: int, seed: int) -> Iterator[list[int]]:
        parts = min(self.passes.minibatches, count)
        for epoch in range(self.passes.epochs):
            order = list(range(count))
            if parts > 1:
                Random(f"{seed}/{epoch}").shuffle(order)
            for part in range(parts):
                yield sorted(order[part::parts])

    def _step(self, prepared: Prepared, rows: list[int]) -> tuple[Metrics, float | None]:
        """One step of the optimizer; no norm where nothing can teach."""
        teaching = set(prepared.teaching)
        chosen = [row for row in rows if row in teaching]
        if not chosen:
            return {}, None
        totals = Totals(len(rows), int(prepared.mask[rows].sum()), self._most_tokens)
        sums: Stats = {}
        self.optimizer.clear()
        samples = [prepared.samples[row] for row in chosen]
        for numbers in micro_batches(samples, self.micro_batch_ids, self.policy.shares_openings):
            here = [chosen[number] for number in numbers]
            scores = self.policy.score([prepared.samples[row] for row in here], self.method.temperature)
            part = prepared.part(here, scores.mask.shape[1])
            loss, stats = self.method.loss(scores, part, totals)
            loss.backward()
            self.optimizer.collect()
            for name, value in {"loss": loss.detach(), **stats}.items():
                sums[name] = sums[name] + value if name in sums else value
        ids = max(int(prepared.mask[chosen].sum()), 1)
        metrics = {name: float(value) / (1 if name == "loss" else ids) for name, value in sums.items()}
        metrics["learning_rate"] = self.optimizer.learning_rate  # once the step is taken, that of the next one
        for name in ("loss", "entropy"):
            if not math.isfinite(metrics.get(name, 0.0)):
                self.optimizer.clear()
                raise NotFinite(f"the {name}")
        return metrics, self.optimizer.step()

    def _within_memory(self, work: Callable[[], T]) -> T:
        """Does some work, in smaller parts if memory runs out."""
        while True:
            try:
                return work()
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
                self.optimizer.clear()
            self._halve()

    def _halve(self) -> None:
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        self.micro_batch_ids //= 2
        if not self.micro_batch_ids:
            raise TrainingStopped(
                "memory ran out even for the smallest part of a batch. Set "
                "`agent.model.gradient_checkpointing=true`, a lower `agent.conversation_ids`, an adapter "
                "(`agent.model.lora.rank=16`), or `agent.model.dtype=bfloat16`"
            )
