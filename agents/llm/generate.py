"""Sampling from a causal language model: a lean decode loop over many sequences.

Prompts that are equal, such as those of a group, are read once and their cache is given to each of their
samples. The random number of every token is drawn from its request's own seed, so a sample does not depend on
what it is batched with (but for rounding).

Promises: log-probs are those of the sampled ids under the very distribution they were sampled from; a sequence
ends at its own end-of-sequence id (which is part of it) or at its own limit; rows that have ended cost nothing
more. Does not promise the ids of `agent.model.generate` for a seed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from transformers import DynamicCache
from transformers.cache_utils import DynamicLayer

from agents.llm.cache import spread


@dataclass(frozen=True, slots=True)
class Request:
    """One sequence to be sampled."""

    prompt: tuple[int, ...]
    most: int
    """The most ids to sample."""
    seed: int


@dataclass(frozen=True, slots=True)
class Sampled:
    """One sampled sequence."""

    prompt: tuple[int, ...]
    """The ids that the model saw."""
    ids: list[int]
    log_probs: list[float]
    finished: bool
    """Whether it ended itself."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """From what is sampled."""

    temperature: float = 1.0
    """0 takes the likeliest id."""
    top_p: float = 1.0
    """Below 1, unlikely ids are left out: not for training, since the learner's log-probs know nothing of it."""

    def __post_init__(self) -> None:
        if not 0 <= self.temperature < math.inf or not 0 < self.top_p <= 1:
            raise ValueError(
                f"sampling: temperature {self.temperature} and top_p {self.top_p}; they are at least 0, and in (0, 1]"
            )


def sample(
    model: Any,
    requests: Sequence[Request],
    eos_ids: Sequence[int],
    distribution: Distribution,
    most_cached: int = 2**19,
) -> list[Sampled]:
    """Samples all requests, at most `most_cached` cached positions at a time; answers in order."""
    answers: dict[int, Sampled] = {}
    for numbers in _batches(requests, most_cached):
        batch = [requests[number] for number in numbers]
        with torch.inference_mode():
            found = _Batch(model, batch, eos_ids, distribution).run()
        answers.update(zip(numbers, found, strict=True))
    return [answers[number] for number in range(len(requests))]


def _batches(requests: Sequence[Request], most_cached: int) -> list[list[int]]:
    """Numbers of requests that are sampled together: equal prompts side by side, long ones first."""
    order = sorted(range(len(requests)), key=lambda n: (-len(requests[n].prompt), requests[n].prompt, n))
    batches: list[list[int]] = []
    positions = 0
    for number in order:
        request = requests[number]
        fresh = not batches or requests[batches[-1][-1]].prompt != request.prompt
        more = request.most + (len(requests[batches[-1][0]].prompt) if batches and fresh else 0)
        if not batches or positions + more > most_cached:
            batches.append([])
            positions, more = 0, request.most + len(request.prompt)
        batches[-1].append(number)
        positions += more
    return batches


ALL, NOBODY, IDLE = -1, -2, -3
"""Who may look at a position of the cache, beside the number of the request it belongs to; and an idle lane."""


class _Batch:
    """The state of a batch while it is sampled.

    A row of the cache holds a prompt and after it, one by one, the ids of all its samples; `owner` says whose each
    position is. A row has lanes: `lanes[row, lane]` is the number of the request that is sampled there.
    """

    def __init__(self, model: Any, requests: list[Request], eos_ids: Sequence[int], distribution: Distribution):
        self.model, self.requests, self.distribution = model, requests, distribution
        self.device = next(model.parameters()).device
        self.eos = torch.tensor(list(eos_ids), dtype=torch.long, device=self.device)
        self.steps = max(request.most for request in requests)
        self.chances = _chances(requests, self.steps).to(self.device)
        self.ids = torch.zeros(len(requests), self.steps, dtype=torch.long, device=self.device)
        self.log_probs = torch.zeros(len(requests), self.steps, device=self.device)
        self.lengths = torch.tensor([request.most for request in requests], device=self.device)
        self.finished = torch.zeros(len(requests), dtype=torch.bool, device=self.device)

    def run(self) -> list[Sampled]:
        logits = self._read()
        for step in range(self.steps):
            who = self.lanes[self.lanes >= 0]
            token, log_prob = draw(logits, self.chances[who, step], self.distribution)
            self.ids[who, step], self.log_probs[who, step] = token, log_prob
            self._end(who, token, step)
            if not len(self.lanes) or step + 1 == self.steps:
                break
            logits = self._next(step)
        return self._answers()

    def _read(self) -> Tensor:
        """Reads every different prompt once, and opens the lanes; gives the logits of every lane."""
        prompts = list(dict.fromkeys(request.prompt for request in self.requests))
        longest = max(map(len, prompts))
        ids = torch.tensor([[0] * (longest - len(each)) + list(each) for each in prompts], device=self.device)
        starts = torch.tensor([longest - len(each) for each in prompts], device=self.device)[:, None]
        along = torch.arange(longest, device=self.device)
        self.padded = bool(starts.any())
        cache = DynamicCache(config=self.model.config)
        out = self.model(
            input_ids=ids,
            attention_mask=along >= starts if self.padded else None,
            position_ids=(along - starts).clamp(min=0),
            past_key_values=cache,
            use_cache=True,
            logits_to_keep=1,
        )
        self.shared = len(prompts) < len(self.requests) and can_share(self.model, cache)
        rows, self.lanes = _lanes(self.requests, prompts, self.shared, self.device)
        room = longest + self.lanes.shape[1] * (self.steps - 1)
        spread(cache, rows, room)
        self.cache, self.length = cache, longest
        self.places = (longest - starts)[rows]
        self.owner = torch.full((len(rows), room), NOBODY, device=self.device)
        self.owner[:, :longest] = torch.where(along >= starts[rows], ALL, NOBODY)
        return out.logits[rows, -1:].expand(-1, self.lanes.shape[1], -1)[self.lanes >= 0]

    def _end(self, who: Tensor, token: Tensor, step: int) -> None:
        """Closes the lanes of requests that have ended, and rows without a lane."""
        ended = torch.isin(token, self.eos)
        over = ended | (self.lengths[who] == step + 1)
        if not bool(over.any()):
            return
        self.finished[who[ended]] = True
        self.lengths[who[over]] = step + 1
        self.lanes = self.lanes.masked_fill(torch.isin(self.lanes, who[over]), IDLE)
        self.lanes = self.lanes.sort(-1, descending=True).values[:, : int((self.lanes >= 0).sum(-1).max())]
        idle = (self.lanes >= 0).sum(-1) == 0
        if bool(idle.any()):
            kept = _closed_up(idle)
            self.lanes, self.places, self.owner = self.lanes[kept], self.places[kept], self.owner[kept]
            self.cache.batch_select_indices(kept)

    def _next(self, step: int) -> Tensor:
        """Reads the id that was just drawn in every lane."""
        lanes = self.lanes
        begin, self.length = self.length, self.length + lanes.shape[1]
        self.owner[:, begin : self.length] = lanes
        out = self.model(
            input_ids=self.ids[lanes.clamp(min=0), step],
            attention_mask=self._mask(),
            position_ids=(self.places + step).expand_as(lanes),
            past_key_values=self.cache,
            use_cache=True,
        )
        logits: Tensor = out.logits[lanes >= 0]
        return logits

    def _mask(self) -> Tensor | None:
        """What each lane may look at: the prompt and its own ids."""
        owner = self.owner[:, : self.length]
        if not self.shared:
            return owner != NOBODY if self.padded else None
        return ((owner == ALL)[:, None, :] | (owner[:, None, :] == self.lanes[:, :, None]))[:, None]

    def _answers(self) -> list[Sampled]:
        lengths, finished = self.lengths.tolist(), self.finished.tolist()
        ids, log_probs = self.ids.tolist(), self.log_probs.tolist()
        return [
            Sampled(request.prompt, ids[row][: lengths[row]], log_probs[row][: lengths[row]], finished[row])
            for row, request in enumerate(self.requests)
        ]


def can_share(model: Any, cache: DynamicCache) -> bool:
    """Whether samples of one prompt may stand in one row: full attention, told by a mask, at positions that are told.

    Alibi counts columns instead of positions; a window and a recurrent state know no owners.
    """
    config = model.config
    by_columns = getattr(config, "alibi", False) or config.model_type in ("bloom", "mpt")
    plain = all(type(layer) is DynamicLayer for layer in cache.layers)
    return plain and not by_columns and config._attn_implementation == "sdpa"


def _lanes(
    requests: Sequence[Request], prompts: Sequence[tuple[int, ...]], share: bool, device: torch.device
) -> tuple[Tensor, Tensor]:
    """Which prompt each row of the cache holds, and which requests its lanes sample."""
    place = {prompt: number for number, prompt in enumerate(prompts)}
    if not share:
        rows = [place[request.prompt] for request in requests]
        return torch.tensor(rows, device=device), torch.arange(len(requests), device=device)[:, None]
    members: list[list[int]] = [[] for _ in prompts]
    for number, request in enumerate(requests):
        members[place[request.prompt]].append(number)
    most = max(map(len, members))
    lanes = [[*each, *[IDLE] * (most - len(each))] for each in members]
    return torch.arange(len(prompts), device=device), torch.tensor(lanes, device=device)


def _chances(requests: Sequence[Request], steps: int) -> Tensor:
    """A number in [0, 1) for every token, from the request's own seed."""
    source = torch.Generator("cpu")
    rows = []
    for request in requests:
        source.manual_seed(request.seed)
        rows.append(torch.rand(steps, generator=source, device="cpu"))
    return torch.stack(rows)


def draw(logits: Tensor, chances: Tensor, distribution: Distribution) -> tuple[Tensor, Tensor]:
    """One id for each row, and its log-prob, from the inverse of the cumulative distribution."""
    logits = logits.float()
    if distribution.temperature == 0:
        token = logits.argmax(-1)
        return token, torch.zeros_like(logits[:, 0])
    if distribution.temperature != 1:
        logits = logits / distribution.temperature
    log_probs = logits.log_softmax(-1)
    if distribution.top_p < 1:
        log_probs = _nucleus(log_probs, distribution.top_p)
    heights = log_probs.exp().cumsum(-1)
    wanted = chances[:, None] * heights[:, -1:]
    token = torch.searchsorted(heights, wanted, right=True).clamp(max=heights.shape[-1] - 1)
    return token[:, 0], log_probs.gather(-1, token)[:, 0]


def _nucleus(log_probs: Tensor, top_p: float) -> Tensor:
    """The likeliest ids that together have the chance `top_p`, made to sum to 1 (Holtzman et al. 2020)."""
    ordered, order = log_probs.sort(-1, descending=True)
    before = ordered.exp().cumsum(-1) - ordered.exp()
    cut = torch.zeros_like(log_probs, dtype=torch.bool).scatter(-1, order, before >= top_p)
    return log_probs.masked_fill(cut, -torch.inf).log_softmax(-1)


def _closed_up(over: Tensor) -> Tensor:
    """The slots that go on, in an order that moves as few as possible: holes are filled from the end."""
    staying = int((~over).sum())
    kept = torch.arange(staying, device=over.device)
    kept[over[:staying]] = staying + (~over[staying:]).nonzero()[:, 0]
    return kept
