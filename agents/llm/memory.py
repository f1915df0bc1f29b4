"""Will it fit? An estimate of the memory that a run needs, made before the weights are read.

Promises: a run that plainly does not fit is refused with what takes the room and the setting to change. Does not
promise that a run that passes fits: activations are a rule of thumb (Korthikanti et al. 2022, eq. 1), and other
programs come and go. The learner and the sampler also make do with less when memory runs out.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from agents.llm.loading import DTYPES, ModelSettings, device_of, load_config

SINGLE = 4
"""Bytes of a number in single precision."""


@dataclass(frozen=True)
class Need:
    """Bytes, by what they are for."""

    weights: int
    training: int
    """Gradients, both moments of Adam, and copies in single precision."""
    reference: int
    activations: int
    logits: int
    cache: int
    """Of the sampler, for one conversation at least; it takes what is left."""

    @property
    def total(self) -> int:
        """What must be there at once: learning and sampling take turns."""
        return self.weights + self.training + self.reference + max(self.activations + self.logits, self.cache)


def shape_of(settings: ModelSettings) -> tuple[int, int, Any]:
    """How many weights a model has, how many of them an adapter adds, and its text configuration."""
    from transformers import AutoModelForCausalLM

    config = load_config(settings)
    with torch.device("meta"):
        model: Any = AutoModelForCausalLM.from_config(config)
    weights = sum(each.numel() for each in model.parameters())
    added = 0
    if settings.lora is not None:
        head = model.get_output_embeddings()
        linear = [each for each in model.modules() if isinstance(each, torch.nn.Linear) and each is not head]
        added = sum(settings.lora.rank * (each.in_features + each.out_features) for each in linear)
    return weights, added, config.get_text_config()


def need_of(settings: ModelSettings, micro_batch_ids: int, conversation_ids: int, reference: bool) -> Need:
    """What a run needs."""
    weights, added, text = shape_of(settings)
    size = DTYPES[settings.dtype].itemsize
    trained = added or weights
    copies = SINGLE if not added and size != SINGLE else 0
    ids = max(micro_batch_ids, conversation_ids)
    per_layer = 2 if settings.gradient_checkpointing else 34
    layers = text.num_hidden_layers
    activations = ids * text.hidden_size * (layers * per_layer + (34 if settings.gradient_checkpointing else 0))
    heads = getattr(text, "num_key_value_heads", None) or text.num_attention_heads
    head = getattr(text, "head_dim", None) or text.hidden_size // text.num_attention_heads
    return Need(
        weights=weights * size + added * SINGLE,
        training=trained * (3 * SINGLE + copies),
        reference=weights * size if reference and not added else 0,
        activations=activations * size // 2,
        logits=ids * text.vocab_size * (2 * size + SINGLE),
        cache=conversation_ids * 2 * layers * heads * head * size,
    )


def free_bytes(device: torch.device) -> int:
    """What is free on a device now; for the CPU, within the limit of a container too."""
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    lines = Path("/proc/meminfo").read_text("utf-8").splitlines() if Path("/proc/meminfo").exists() else []
    found = [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")]
    limit, used = (Path(f"/sys/fs/cgroup/memory.{name}") for name in ("max", "current"))
    if limit.exists() and limit.read_text("utf-8").strip().isdigit():
        found.append(int(limit.read_text("utf-8")) - int(used.read_text("utf-8")))
    return min(found, default=2**62)


def check_memory(
    settings: ModelSettings,
    micro_batch_ids: int,
    conversation_ids: int,
    reference: bool,
    free: int | None = None,
    lower: str = "agent.micro_batch_ids",
) -> Need:
    """Refuses a run that does not fit; gives what it needs. `lower` is the setting that says how much is learnt from at
    once.
    """
    device = device_of(settings.device)
    free = free_bytes(device) if free is None else free
    need = need_of(settings, micro_batch_ids, conversation_ids, reference)
    if need.total <= free:
        return need
    shares = ", ".join(f"{name} {_gb(value)}" for name, value in vars(need).items() if value)
    raise ValueError(
        f"memory: this run needs about {_gb(need.total)} on {device}, and {_gb(free)} are free ({shares}). "
        f"{_remedy(settings, need, free, lower)}"
    )


def _remedy(settings: ModelSettings, need: Need, free: int, lower: str) -> str:
    """The setting that would help most."""
    if settings.lora is None and need.weights + need.training + need.reference > free:
        return "Train an adapter: `agent.model.lora.rank=16`"
    if settings.dtype == "float32" and need.weights > free // 2:
        return "Set `agent.model.dtype=bfloat16`"
    if need.weights + need.training > free:
        return "Choose a smaller model, or a device with more memory"
    if not settings.gradient_checkpointing and need.activations > need.logits:
        return "Set `agent.model.gradient_checkpointing=true`"
    return f"Lower `{lower}`"


def _gb(size: int) -> str:
    return f"{size / 2**30:.1f} GB" if size >= 2**28 else f"{size / 2**20:.1f} MB"


def most_cached(settings: ModelSettings, free: int | None = None) -> int:
    """How many positions the sampler's cache may hold: what fits into half of the free memory."""
    _, _, text = shape_of(settings)
    heads = getattr(text, "num_key_value_heads", None) or text.num_attention_heads
    head = getattr(text, "head_dim", None) or text.hidden_size // text.num_attention_heads
    each = 2 * text.num_hidden_layers * heads * head * DTYPES[settings.dtype].itemsize
    free = free_bytes(device_of(settings.device)) if free is None else free
    return max(1, free // 2 // each)
