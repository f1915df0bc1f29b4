"""What both sides of the bench do, and the figures that come of it.

Promises: the same load gives both sides the same model, prompts and rewards; the first steps, in which memory is taken
and code is loaded, do not count. Does not promise that a random model says anything: the work does not depend on it.
"""

from __future__ import annotations

import random
import resource
import statistics
import string
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHARACTERS = "\n" + string.ascii_letters + string.digits + string.punctuation + " "
MARKS = ("<pad>", "<|end|>", "<|user|>", "<|assistant|>")
TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
UNCOUNTED = 2
"""Steps at the start."""


@dataclass(frozen=True)
class Load:
    """What both sides do."""

    model: str = ""
    hidden: int = 160
    layers: int = 4
    heads: int = 5
    vocabulary: int = 1024
    prompts: int = 8
    group: int = 8
    prompt_ids: int = 320
    answer_ids: int = 40
    steps: int = 5
    lora: int = 0
    dtype: str = "float32"
    device: str = "cpu"
    threads: int = 1
    micro_batch_ids: int = 8192
    trl_rows: int = 0


HELP = {
    "model": "a folder with a model; empty: a random one of the sizes below",
    "hidden": "width",
    "layers": "layers",
    "heads": "attention heads",
    "vocabulary": "ids of the random model",
    "prompts": "different prompts in a step",
    "group": "samples of each",
    "prompt_ids": "the longest prompt; the shortest has half as many",
    "answer_ids": "the most ids of an answer",
    "steps": "steps that count",
    "lora": "the rank of an adapter; 0 trains all weights",
    "dtype": "float32 or bfloat16",
    "device": "cpu or cuda",
    "threads": "threads of torch",
    "micro_batch_ids": "the most ids at once in our learner",
    "trl_rows": "sequences at once in TRL's learner; 0: all of a step",
}


def make_model(folder: Path, load: Load) -> None:
    """A random Llama with one id for a character; the ids that are left over are never in a prompt."""
    import torch
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
    from transformers.utils import logging

    logging.disable_progress_bar()
    words = {each: number for number, each in enumerate((*MARKS, *CHARACTERS))}
    words |= {f"<{number}>": number for number in range(len(words), load.vocabulary)}
    core = Tokenizer(models.WordLevel(words, unk_token="<pad>"))
    core.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\s\S]"), "isolated")
    core.decoder = decoders.Fuse()
    core.add_special_tokens(list(MARKS))
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=core, eos_token="<|end|>", pad_token="<pad>")
    tokenizer.chat_template = TEMPLATE
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=load.vocabulary,
        hidden_size=load.hidden,
        intermediate_size=load.hidden * 14 // 5,
        num_hidden_layers=load.layers,
        num_attention_heads=load.heads,
        num_key_value_heads=load.heads,
        max_position_embeddings=4096,
        bos_token_id=None,
        eos_token_id=1,
        pad_token_id=0,
    )
    LlamaForCausalLM(config).save_pretrained(folder)


def prompts_of(load: Load, step: int) -> list[str]:
    """The prompts of a step."""
    rng = random.Random(step)
    return [
        "".join(rng.choices(CHARACTERS, k=rng.randrange(load.prompt_ids // 2, load.prompt_ids)))
        for _ in range(load.prompts)
    ]


def worth(answer: str) -> float:
    """A reward that costs nothing and is hardly ever the same twice."""
    return sum(map(ord, answer)) % 997 / 997


def peak_mb(device: str) -> float:
    if device != "cpu":
        import torch

        return torch.cuda.max_memory_allocated() / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def figures(
    steps: list[float], cpu: list[float], samples: list[float], learning: list[float], ids: list[float], load: Load
) -> dict[str, Any]:
    """Medians of steps, and the shares of their phases."""
    step, sampling, learnt = (statistics.median(each) for each in (steps, samples, learning))
    return {
        "step_s": step,
        "cpu_s": statistics.median(cpu),
        "peak_mb": peak_mb(load.device),
        "tokens_per_s": statistics.median(ids) / sampling,
        "phases": {"sampling": sampling / step, "learning": learnt / step},
    }
