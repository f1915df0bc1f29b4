"""Makes the tiny model that comes with the package: `python -m agents.llm.pretrain`.

A byte-level tokenizer and a Llama of about a million and a half parameters learn to write tests in the right
form from demonstrations (see `demonstrations.py`). Several tests follow one reading of the prompt: each sees
the prompt and itself, so a step costs a fraction of what separate sequences would.

Promises: the same seed and the same number of steps give the same weights on one machine; a standard folder of
Hugging Face; what was measured is written into its README. Does not promise a good tester: that is what
reinforcement learning starts from.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

from agents.extras import need_extra
from agents.llm.demonstrations import Demonstration, demonstrations
from sandbox.ending import ended

HOME = Path(__file__).parent / "tiny"
VOCABULARY, PAD, END, USER, ASSISTANT = 1024, "<|pad|>", "<|end|>", "<|user|>", "<|assistant|>"
TEMPLATE = (
    "{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] + '<|end|>' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"
)
SHAPE: dict[str, Any] = {
    "hidden_size": 160, "num_hidden_layers": 4, "num_attention_heads": 5, "num_key_value_heads": 5,
    "intermediate_size": 448, "max_position_embeddings": 2048, "tie_word_embeddings": True,
}  # fmt: skip
LONGEST_PROMPT, TESTS_EACH = 640, 8
"""In ids; longer prompts are left out. How many tests follow one prompt."""


def make_tokenizer(texts: Sequence[str]) -> Any:
    """A byte-level tokenizer that knows the three marks of a conversation."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    core = Tokenizer(models.BPE())
    core.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    core.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=[PAD, END, USER, ASSISTANT, "<|system|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    core.train_from_iterator(texts, trainer)
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=core, pad_token=PAD, eos_token=END, model_max_length=2048)
    tokenizer.chat_template = TEMPLATE
    return tokenizer


def make_model(tokenizer: Any, seed: int) -> Any:
    """A model with random weights."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(seed)
    marks: dict[str, Any] = {
        "pad_token_id": tokenizer.pad_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "bos_token_id": None,
    }
    return LlamaForCausalLM(LlamaConfig(vocab_size=len(tokenizer), **SHAPE, **marks))


def made(texts: Sequence[str], seed: int) -> tuple[Any, Any]:
    """A new tokenizer and a new model."""
    tokenizer = make_tokenizer(texts)
    return tokenizer, make_model(tokenizer, seed)


def loaded(folder: Path) -> tuple[Any, Any]:
    """The tokenizer and the model of a folder."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    return AutoTokenizer.from_pretrained(folder), model


def encoded(tokenizer: Any, found: Sequence[Demonstration]) -> list[tuple[list[int], list[list[int]]]]:
    """The ids of each prompt and of its tests; prompts that are too long are left out."""
    known: dict[str, list[int]] = {}
    pairs = []
    for each in found:
        prompt = tokenizer.apply_chat_template(each.messages, add_generation_prompt=True, tokenize=False)
        ids = tokenizer(prompt, add_special_tokens=False)["input_ids"]
        if len(ids) > LONGEST_PROMPT:
            continue
        for test in each.answers:
            if test not in known:
                known[test] = tokenizer(test, add_special_tokens=False)["input_ids"] + [tokenizer.eos_token_id]
        pairs.append((ids, [known[test] for test in each.answers]))
    return pairs


def batches(pairs: Sequence[tuple[list[int], list[list[int]]]], size: int, rng: Random) -> Iterator[list[Any]]:
    """Endless batches of prompts of similar length, each with some of its tests."""
    while True:
        order = sorted(rng.sample(range(len(pairs)), len(pairs)), key=lambda place: len(pairs[place][0]) // 16)
        parts = [order[start : start + size] for start in range(0, len(order), size)]
        rng.shuffle(parts)
        for part in parts:
            yield [
                (pairs[place][0], rng.sample(pairs[place][1], min(TESTS_EACH, len(pairs[place][1])))) for place in part
            ]


def packed(batch: Sequence[tuple[list[int], list[list[int]]]], pad: int) -> dict[str, Any]:
    """One row for each prompt with its tests behind it; each test sees the prompt and itself only."""
    import torch

    width = max(len(prompt) + sum(map(len, tests)) for prompt, tests in batch)
    ids = torch.full((len(batch), width), pad)
    places = torch.zeros((len(batch), width), dtype=torch.long)
    part = torch.full((len(batch), width), -1)
    labels = torch.full((len(batch), width), -100)
    for row, (prompt, tests) in enumerate(batch):
        start = len(prompt) - 1  # the last id stands in front of every test instead, so that each has a place to start
        ids[row, :start] = torch.tensor(prompt[:-1])
        places[row, :start] = torch.arange(start)
        part[row, :start] = 0
        for number, test in enumerate(tests, 1):
            here = slice(start, start + len(test))
            ids[row, here] = torch.tensor([prompt[-1], *test[:-1]])
            places[row, here] = torch.arange(len(prompt) - 1, len(prompt) - 1 + len(test))
            part[row, here] = number
            labels[row, here] = torch.tensor(test)
            start += len(test)
    before = torch.ones(width, width, dtype=torch.bool).tril()
    same = part[:, :, None] == part[:, None, :]
    in_prompt = (part[:, None, :] == 0) & (places[:, None, :] < places[:, :, None])
    seen = before & (same | in_prompt) & (part[:, :, None] >= 0)
    seen |= torch.eye(width, dtype=torch.bool)
    bias = torch.zeros(seen.shape).masked_fill(~seen, torch.finfo(torch.float32).min)[:, None]
    return {"input_ids": ids, "position_ids": places, "attention_mask": bias, "labels": labels}


def rate_at(step: int, steps: int, peak: float) -> float:
    """A short rise, then a cosine down to a tenth."""
    rise = max(1, steps // 20)
    if step < rise:
        return peak * (step + 1) / rise
    return peak * (0.1 + 0.45 * (1 + math.cos(math.pi * (step - rise) / max(1, steps - rise))))


def learn(model: Any, pairs: Sequence[Any], steps: int, size: int, seed: int, peak: float) -> list[float]:
    """Trains the model in place; returns the loss of each step."""
    import torch
    from rich.progress import track

    optimizer = torch.optim.AdamW(model.parameters(), lr=peak, weight_decay=0.01, betas=(0.9, 0.98))
    source = batches(pairs, size, Random(seed))
    losses: list[float] = []
    model.train()
    for step in track(range(steps), description="learning"):
        batch = packed(next(source), model.config.pad_token_id)
        labels = batch.pop("labels")
        for group in optimizer.param_groups:
            group["lr"] = rate_at(step, steps, peak)
        hidden = model.model(**batch, use_cache=False).last_hidden_state
        own = labels >= 0
        loss = torch.nn.functional.cross_entropy(model.lm_head(hidden[own]), labels[own])
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
    return losses


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m agents.llm.pretrain", description="makes the tiny model anew")
    parser.add_argument("--out", type=Path, default=HOME, help="the folder of the model (default: the shipped one)")
    parser.add_argument("--start", type=Path, help="go on from the model in this folder instead of from nothing")
    parser.add_argument("--tests", type=int, default=64, help="of a problem, at most 64 (default: %(default)s)")
    parser.add_argument("--rate", type=float, default=3e-3, help="the highest learning rate (default: %(default)s)")
    parser.add_argument("--steps", type=int, default=1500, help="learning steps (default: %(default)s)")
    parser.add_argument("--batch", type=int, default=8, help="prompts in a step (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sandbox", default="auto", help="the sandbox's shell (default: auto)")
    return ended("llm.pretrain", lambda: _pretrain(parser.parse_args(arguments)))


def _pretrain(chosen: argparse.Namespace) -> int:
    need_extra("llm", "agents.llm.pretrain")
    import torch

    from sandbox import open_sandbox

    began = time.monotonic()
    with open_sandbox(chosen.sandbox, workers=2) as box:
        found = demonstrations(box, chosen.seed, chosen.tests)
    prompts = sorted({message["content"] for each in found for message in each.messages})
    tests = sorted({test for each in found for test in each.answers})
    tokenizer, model = loaded(chosen.start) if chosen.start else made([*prompts, *tests], chosen.seed)
    pairs = encoded(tokenizer, found)
    left_out = len(found) - len(pairs)
    print(f"{len(pairs)} prompts, {left_out} too long, {len(tests)} tests, {model.num_parameters():,} parameters")
    losses = learn(model, pairs, chosen.steps, chosen.batch, chosen.seed, chosen.rate)
    last = sum(losses[-50:]) / len(losses[-50:])
    chosen.out.mkdir(parents=True, exist_ok=True)
    model.to(torch.bfloat16).save_pretrained(chosen.out)
    tokenizer.save_pretrained(chosen.out)
    _note(chosen, round(last, 4))
    print(f"loss {last:.3f} after {chosen.steps} steps, {time.monotonic() - began:.0f} s; written to {chosen.out}")
    return 0


def _note(chosen: argparse.Namespace, loss: float) -> None:
    """Adds a line to the model's recipe: every command that made it, in order."""
    before = chosen.start / "recipe.json" if chosen.start else None
    steps = json.loads(before.read_text("utf-8")) if before and before.is_file() else []
    made = {name: getattr(chosen, name) for name in ("tests", "steps", "batch", "rate", "seed")}
    steps.append({**made, "loss": loss})
    (chosen.out / "recipe.json").write_text(json.dumps(steps, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
