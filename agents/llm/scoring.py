"""Log-probs of given ids, with gradient: what the learner needs, for the policy's own ids and for no others.

The ids that several samples have in common at their start (a group's prompt) are read once, and their keys
and values serve every one of the samples, in the backward pass too. The head of the model is applied at own
ids only.

Promises: the same numbers as a plain forward pass over every sequence alone (but for rounding), whatever is
batched with what; ids that are not the policy's own are no targets, so nothing flows back from them. Does not
promise the shared prefix for a model with gradient checkpointing, which has no cache: there every sequence is
read alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from transformers import DynamicCache


@dataclass(frozen=True, slots=True)
class Sample:
    """A sequence to be scored."""

    ids: Sequence[int]
    own: Sequence[bool]
    """Which of the ids the policy sampled; never the first."""
    opening: int
    """How many ids stand before the policy's first, at least 1."""


@dataclass(frozen=True)
class Scores:
    """A row for each sample, a column for each of its own ids."""

    log_probs: Tensor
    entropy: Tensor
    mask: Tensor
    values: Tensor | None = None
    """What the value head expects before each own id."""


@dataclass
class _Seen:
    """What passed through the head of the model."""

    hidden: list[Tensor] = field(default_factory=list)


def score(
    model: Any,
    samples: Sequence[Sample],
    temperature: float = 1.0,
    value_head: Callable[[Tensor], Tensor] | None = None,
    share: bool = True,
) -> Scores:
    """Scores one batch of samples; with gradient where gradients are enabled."""
    device = next(model.parameters()).device
    batch = _Layout.of(samples, share, device)
    cache = _read_prefixes(model, batch) if share else None
    seen = _Seen()
    with _at(model.get_output_embeddings(), batch.targets, seen):
        logits = model(
            input_ids=batch.inputs,
            attention_mask=batch.mask,
            position_ids=batch.places,
            past_key_values=cache,
            use_cache=share,
        ).logits
    if not seen.hidden:
        raise ValueError(
            f"score: {type(model).__name__} does not call its output embeddings, so single tokens cannot be scored; "
            "choose a model whose head is a layer, as almost all are"
        )
    log_probs, entropy = TokenLogProbs.apply(logits, batch.wanted, temperature)
    mask = batch.own_mask
    values = None if value_head is None else _rows(mask, value_head(seen.hidden[0]))
    return Scores(_rows(mask, log_probs), _rows(mask, entropy), mask, values)


def _rows(mask: Tensor, flat: Tensor) -> Tensor:
    """Puts one number for each own id into its row and column."""
    return torch.zeros(mask.shape, dtype=flat.dtype, device=flat.device).masked_scatter(mask, flat)


@contextmanager
def _at(head: torch.nn.Module, targets: Tensor, seen: _Seen) -> Iterator[None]:
    """Lets the head of the model see the chosen positions only."""

    def select(module: torch.nn.Module, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        seen.hidden.append(inputs[0][targets])
        return (seen.hidden[0], *inputs[1:])

    hook = head.register_forward_pre_hook(select)
    try:
        yield
    finally:
        hook.remove()


@dataclass(frozen=True)
class _Layout:
    """A batch of samples as tensors. With shared prefixes, `inputs` begin at the last id of each opening."""

    prefixes: Tensor
    """The different openings but for their last id, padded on the left."""
    prefix_starts: Tensor
    rows: Tensor
    """Which prefix each sample begins with."""
    inputs: Tensor
    mask: Tensor | None
    """Over prefix and inputs; None where plain causal attention does."""
    places: Tensor
    targets: Tensor
    """Where an input is followed by an own id."""
    wanted: Tensor
    """Those own ids, sample by sample."""
    own_mask: Tensor

    @classmethod
    def of(cls, samples: Sequence[Sample], share: bool, device: torch.device) -> _Layout:
        cuts = [sample.opening - 1 if share else 0 for sample in samples]
        openings = [tuple(sample.ids[:cut]) for sample, cut in zip(samples, cuts, strict=True)]
        unique = list(dict.fromkeys(openings))
        place = {opening: number for number, opening in enumerate(unique)}
        prefix = max(map(len, unique))
        starts = [prefix - len(each) for each in unique]
        rows = [place[opening] for opening in openings]
        width = max(len(sample.ids) - 1 - cut for sample, cut in zip(samples, cuts, strict=True))
        ids, targets = [], []
        for sample, cut in zip(samples, cuts, strict=True):
            spare = [0] * (width - (len(sample.ids) - 1 - cut))
            ids.append([*sample.ids[cut:-1], *spare])
            targets.append([*sample.own[cut + 1 :], *map(bool, spare)])
        counts = [sum(row) for row in targets]

        def tensor(data: Any, dtype: torch.dtype = torch.long) -> Tensor:
            return torch.tensor(data, dtype=dtype, device=device)

        along = torch.arange(width, device=device)
        mask = None
        if prefix:
            mask = torch.arange(prefix + width, device=device) >= tensor(starts)[tensor(rows)][:, None]
        wanted = [each for sample in samples for each, own in zip(sample.ids, sample.own, strict=True) if own]
        return cls(
            prefixes=tensor([[0] * start + list(each) for start, each in zip(starts, unique, strict=True)]),
            prefix_starts=tensor(starts),
            rows=tensor(rows),
            inputs=tensor(ids),
            mask=mask,
            places=along + tensor(cuts)[:, None],
            targets=tensor(targets, torch.bool),
            wanted=tensor(wanted),
            own_mask=torch.arange(max(counts), device=device) < tensor(counts)[:, None],
        )


def _read_prefixes(model: Any, batch: _Layout) -> DynamicCache:
    """The cache of every sample's prefix, each different one read once."""
    cache = DynamicCache(config=model.config)
    length = batch.prefixes.shape[1]
    if not length:
        return cache
    starts = batch.prefix_starts[:, None]
    along = torch.arange(length, device=starts.device)
    model(
        input_ids=batch.prefixes,
        attention_mask=along >= starts if bool(starts.any()) else None,
        position_ids=(along - starts).clamp(min=0),
        past_key_values=cache,
        use_cache=True,
        logits_to_keep=1,
    )
    cache.batch_select_indices(batch.rows)
    return cache


CHUNK = 2**24
"""How many logits are worked on at once."""


class TokenLogProbs(torch.autograd.Function):
    """log p of wanted ids and the entropy, from logits [N, V], without keeping a second matrix of that size."""

    @staticmethod
    def forward(
        ctx: Any, logits: Tensor, wanted: Tensor, temperature: float, chunk: int = CHUNK
    ) -> tuple[Tensor, Tensor]:
        """Both are [N], in single precision or better."""
        parts = [_log_probs(rows, temperature) for rows in _chunks(logits, chunk)]
        log_probs, entropy, at = [], [], 0
        for part in parts:
            log_probs.append(part.gather(-1, wanted[at : at + len(part), None])[:, 0])
            entropy.append(-(part.exp() * part).sum(-1))
            at += len(part)
        ctx.save_for_backward(logits, wanted)
        ctx.temperature, ctx.chunk = temperature, chunk
        return torch.cat(log_probs), torch.cat(entropy)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None, None]:
        """d log p = (one-hot - p) / T and dH = -p (log p + H) / T."""
        logits, wanted = ctx.saved_tensors
        to_log_prob, to_entropy = gradients
        result = torch.empty_like(logits)
        at = 0
        for rows in _chunks(logits, ctx.chunk):
            here = slice(at, at + len(rows))
            log_probs = _log_probs(rows, ctx.temperature)
            chances = log_probs.exp()
            entropy = -(chances * log_probs).sum(-1, keepdim=True)
            part = -chances * (to_log_prob[here, None] + to_entropy[here, None] * (log_probs + entropy))
            part.scatter_add_(-1, wanted[here, None], to_log_prob[here, None])
            result[here] = (part / ctx.temperature).to(result.dtype)
            at += len(rows)
        return result, None, None, None


def _chunks(logits: Tensor, chunk: int) -> Sequence[Tensor]:
    rows = max(1, chunk // logits.shape[-1])
    return logits.split(rows) if len(logits) else [logits]


def _log_probs(logits: Tensor, temperature: float) -> Tensor:
    wide = logits if logits.dtype == torch.float64 else logits.float()
    return (wide / temperature).log_softmax(-1)


def micro_batches(samples: Sequence[Sample], most_ids: int, share: bool = True) -> list[list[int]]:
    """Numbers of the samples that are scored together: samples of one opening side by side, like lengths together.

    A batch holds at most `most_ids` ids, padding and the openings that are read once included; a single sample that
    is longer makes a batch of its own.
    """
    openings = [tuple(sample.ids[: sample.opening]) for sample in samples]
    lengths = [len(sample.ids) - sample.opening + 1 if share else len(sample.ids) for sample in samples]
    order = sorted(range(len(samples)), key=lambda n: (-len(openings[n]), openings[n], -lengths[n]))
    batches: list[list[int]] = []
    unlike = longest_opening = longest = 0
    for number in order:
        fresh = not batches or openings[number] != openings[batches[-1][-1]]
        widest = max(longest, lengths[number])
        cost = (len(batches[-1]) + 1) * widest if batches else 0
        if share:
            cost += (unlike + fresh) * longest_opening
        if batches and cost <= most_ids:
            unlike, longest = unlike + fresh, widest
        else:
            batches.append([])
            unlike, longest_opening, longest = 1, len(openings[number]), lengths[number]
        batches[-1].append(number)
    return batches
