"""A transformers model in this process, with or without a LoRA adapter.

Promises: sample number i of a question with a seed is the same whatever `n` it is drawn with, for every
sample has a random generator of its own (Gumbel noise added to the log-probabilities draws exactly from
them); tokens are counted, not estimated; a cache takes the weights for other ones when a file beside them changed.
The model is loaded at the first question, in a thread, and one question is answered at a time.
Does not promise speed: a server such as vLLM batches questions, this does not.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agents.models.chat import Message, Reply, Sampling, Usage
from agents.models.faults import ModelRefused
from agents.models.prices import FREE, Price


@dataclass(frozen=True)
class Weights:
    """What to load, and where to."""

    path: str
    """A folder, or a name on the hub."""
    adapter: str = ""
    """A folder with a LoRA adapter of peft's."""
    device: str = "auto"
    """auto takes an accelerator when there is one."""
    dtype: str = "auto"
    revision: str = ""
    threads: int | None = None
    """CPU threads; None leaves torch's setting alone."""

    @property
    def identity(self) -> str:
        """What stands for the model in keys of a cache."""
        dtype = "" if self.dtype == "auto" else f"in {self.dtype}"
        parts = (self.path, self.revision, self.adapter and f"+ {self.adapter}", dtype)
        return " ".join(part for part in parts if part)


class LocalModel:
    """A transformers model as a ChatModel."""

    def __init__(self, name: str, weights: Weights, price: Price = FREE):
        self.name = name
        self.weights = weights
        self.price = price
        self.identity = f"local {weights.identity} {stamp(weights.path, weights.adapter)}".rstrip()
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None

    def __repr__(self) -> str:
        return f"LocalModel({self.weights.identity!r})"

    async def complete(self, messages: Sequence[Message], sampling: Sampling) -> list[Reply]:
        """The replies, drawn together in one batch."""
        return await asyncio.to_thread(self._complete, list(messages), sampling)

    async def close(self) -> None:
        """Forgets the weights; the next question loads them again."""
        with self._lock:
            self._loaded = None

    def _complete(self, messages: list[Message], sampling: Sampling) -> list[Reply]:
        with self._lock:
            if self._loaded is None:
                self._loaded = load(self.weights)
            model, tokenizer = self._loaded
            prompt = encode(tokenizer, messages)
            room = context_of(model) - len(prompt)
            if room < 1:
                raise ModelRefused(
                    f"{self.name}: the prompt has {len(prompt)} tokens and the model reads {context_of(model)}; "
                    "show it less, or take a model with a longer context"
                )
            began = time.perf_counter()
            most = min(sampling.max_tokens, room)
            rows = generate(model, tokenizer, prompt, sampling, most)
            latency_s = time.perf_counter() - began
            endings = endings_of(model, tokenizer)
        replies = []
        for row in rows:
            text, stopped = cut(tokenizer.decode(row, skip_special_tokens=True), sampling.stop)
            finish = "stop" if stopped or len(row) < most or row[-1] in endings else "length"
            usage = Usage(len(prompt), len(row))
            replies.append(Reply(text, usage, self.price.of(usage), latency_s, finish, model=self.name))
        return replies


def stamp(*folders: str) -> str:
    """What the files in some folders are known by, without reading them; empty where no name is a folder."""
    found = sorted(
        (place, path.name, path.stat().st_size, path.stat().st_mtime_ns)
        for place, folder in enumerate(folders)
        if folder and Path(folder).is_dir()
        for path in Path(folder).iterdir()
        if path.is_file()
    )
    return hashlib.sha256(repr(found).encode()).hexdigest()[:16] if found else ""


def check_folder(where: str, path: str) -> None:
    """Raises for a path to nothing; NAME and ORG/NAME may be names on the hub."""
    looks_like_path = path.startswith((".", "/", "~")) or path.count("/") > 1
    if looks_like_path and not Path(path).is_dir():
        raise ValueError(
            f"{where}: there is no folder {path!r}; give one that transformers or peft saved, written out in full, or "
            "ORG/NAME of the hub"
        )


def cut(text: str, stops: Sequence[str]) -> tuple[str, bool]:
    """The text before the first of some marks, and whether there was one."""
    ends = [place for mark in stops if (place := text.find(mark)) >= 0]
    return (text[: min(ends)], True) if ends else (text, False)


def load(weights: Weights) -> tuple[Any, Any]:
    """The model, ready to answer, and its tokenizer."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    if weights.threads:
        torch.set_num_threads(weights.threads)
    device = weights.device
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    revision = {"revision": weights.revision} if weights.revision else {}
    try:
        tokenizer = AutoTokenizer.from_pretrained(weights.path, **revision)
        model: Any = AutoModelForCausalLM.from_pretrained(weights.path, dtype=weights.dtype, **revision)
        if weights.adapter:
            from peft import PeftModel

            model = PeftModel.from_pretrained(model, weights.adapter)
    except (OSError, ValueError) as error:
        raise ValueError(f"local: cannot load {weights.identity!r}: {error}") from None
    return model.to(device).eval(), tokenizer


def encode(tokenizer: Any, messages: list[Message]) -> list[int]:
    """The messages as the model was taught to read them; plainly, role by role, if it was taught nothing."""
    if getattr(tokenizer, "chat_template", None):
        text = tokenizer.apply_chat_template(list(messages), tokenize=False, add_generation_prompt=True)
        return list(tokenizer(text, add_special_tokens=False)["input_ids"])
    text = "".join(f"{message['role']}: {message['content']}\n" for message in messages) + "assistant: "
    return list(tokenizer(text)["input_ids"])


def context_of(model: Any) -> int:
    """How many tokens the model reads and writes together."""
    return int(getattr(model.config, "max_position_embeddings", None) or 1 << 20)


def generate(model: Any, tokenizer: Any, prompt: list[int], sampling: Sampling, most: int) -> list[list[int]]:
    """The new tokens of each sample, up to and including its end."""
    import torch
    from transformers import GenerationConfig, LogitsProcessorList

    device = model.device
    ids = torch.tensor([prompt], device=device).repeat(sampling.n, 1)  # (samples, tokens)
    endings = endings_of(model, tokenizer)
    # The model's own settings (penalties, its temperature) are left out: only what Sampling says shapes the draw.
    settings = GenerationConfig(  # type: ignore[no-untyped-call]
        do_sample=False,
        num_beams=1,
        max_new_tokens=most,
        pad_token_id=tokenizer.pad_token_id if tokenizer.pad_token_id is not None else min(endings, default=0),
        eos_token_id=sorted(endings) or None,
        stop_strings=list(sampling.stop) or None,
    )
    with torch.inference_mode():
        out = model.generate(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            generation_config=settings,
            logits_processor=LogitsProcessorList([drawing(sampling, device)]),
            tokenizer=tokenizer,
        )
    return [_until(row, endings) for row in out[:, len(prompt) :].tolist()]


def endings_of(model: Any, tokenizer: Any) -> set[int]:
    """The tokens that end an answer: chat models have one beside the end of a text."""
    said = getattr(model.generation_config, "eos_token_id", None)
    many = said if isinstance(said, list) else [said]
    return {ending for ending in (*many, tokenizer.eos_token_id) if ending is not None}


def _until(row: list[int], endings: set[int]) -> list[int]:
    """The row up to its end: shorter ones are padded."""
    return next((row[: place + 1] for place, token in enumerate(row) if token in endings), row)


def drawing(sampling: Sampling, device: Any) -> Any:
    """Makes the most likely token a random one: each sample's noise is of its own generator (the Gumbel-max trick)."""
    import torch
    from transformers import LogitsProcessor, TemperatureLogitsWarper, TopPLogitsWarper

    cold = sampling.temperature < 1e-4
    warpers = [] if cold else [TemperatureLogitsWarper(sampling.temperature), TopPLogitsWarper(sampling.top_p)]
    generators = [torch.Generator(device=device) for _ in sampling.samples]
    for generator, sample in zip(generators, sampling.samples, strict=True):
        seed = sampling.seed_of(sample)
        generator.manual_seed(secrets.randbits(31) if seed is None else seed)

    class Drawing(LogitsProcessor):
        def __call__(self, ids: Any, scores: Any) -> Any:
            if cold:
                return scores
            for warper in warpers:
                scores = warper(ids, scores)
            noise = torch.empty_like(scores, dtype=torch.float32)  # (samples, vocabulary)
            for row, generator in zip(noise, generators, strict=True):
                row.exponential_(generator=generator)
            return torch.log_softmax(scores.float(), -1) - noise.log()

    return Drawing()
