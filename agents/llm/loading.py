"""A causal language model and its tokenizer, ready to be trained: device, precision, LoRA, no dropout.

Promises: the same seed gives the same adapter and the same value head; what does not fit into memory is refused
before the weights are read, with the setting to change. Does not promise that a model is worth training.
"""

from __future__ import annotations

import difflib
import json
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import torch

from agents.llm.ranges import check_numbers

_SETTINGS = re.compile(r"(?:\{%- set \w+ = [^%]* %\})*")
DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16}


@dataclass(frozen=True)
class Lora:
    """A low-rank adapter (Hu et al. 2021)."""

    rank: int = 16
    alpha: int = 32
    targets: str | tuple[str, ...] = "all-linear"
    """The layers that get one: names, or "all-linear", which leaves the head out."""

    def __post_init__(self) -> None:
        names = self.targets
        if not names or not (isinstance(names, str) or _are_texts(names)):
            raise ValueError(f"agent.model.lora.targets: {names!r}; give all-linear, or the names of layers as a list")


def _are_texts(given: Any) -> bool:
    return isinstance(given, list | tuple) and all(isinstance(each, str) for each in given)


@dataclass(frozen=True)
class ModelSettings:
    """Which model, where, and how."""

    model: str
    """A folder, or a name on the hub."""
    device: str = "auto"
    """auto takes the first GPU, and the CPU where there is none."""
    dtype: str = "float32"
    """float32 or bfloat16. In bfloat16 the optimizer keeps the trained weights in single precision."""
    lora: Lora | None = None
    """None trains all weights."""
    gradient_checkpointing: bool = False
    chat_template: str | None = None
    """A Jinja text, or a file, in place of the tokenizer's own."""
    template: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """What the chat template is told, such as {enable_thinking: false}; it is kept with the policy's tokenizer."""
    attention: str | None = None
    """The name of an attention implementation of transformers; None lets it choose."""
    seed: int = 0

    def __post_init__(self) -> None:
        check_numbers(self, "agent.model", {})
        if not isinstance(self.template, Mapping):
            raise ValueError(f"agent.model.template: {self.template!r}; give names and values, such as {{name: value}}")
        if self.dtype not in DTYPES:
            raise ValueError(f"agent.model.dtype: {self.dtype!r} is unknown; choose from {', '.join(DTYPES)}")
        try:
            torch.empty(0, device=device_of(self.device))
        except (RuntimeError, AssertionError) as error:
            said = str(error).splitlines()[0]
            raise ValueError(f"agent.model.device: {self.device!r} cannot be used ({said}); leave it at auto") from None


def settings_from(kind: Any, values: dict[str, Any], where: str) -> Any:
    """A dataclass of settings from a dict; a name that it does not have is a ValueError with the nearest one."""
    known = [each.name for each in fields(kind)]
    for name in values:
        if name not in known:
            near = difflib.get_close_matches(str(name), known, n=1)
            meant = f"did you mean {near[0]!r}? " if near else ""
            raise ValueError(f"{where}: there is no setting {name!r}; {meant}choose from {', '.join(known)}")
    return kind(**values)


def device_of(name: str) -> torch.device:
    """The device that a setting names."""
    if name != "auto":
        return torch.device(name)
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def load_tokenizer(settings: ModelSettings, folder: str | None = None) -> Any:
    """The tokenizer of the model, or of a folder, with the chat template of the settings."""
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder or settings.model)
    if settings.chat_template is not None:
        tokenizer.chat_template = _text_or_file(settings.chat_template)
    if settings.template:
        tokenizer.chat_template = _told(tokenizer.chat_template, settings.template)
    return tokenizer


def _told(template: Any, settings: Mapping[str, Any]) -> str:
    """A chat template that begins with some variables set, wherever it is used from now on."""
    if not isinstance(template, str):
        raise ValueError("agent.model.template: the tokenizer has no chat template, or several; set chat_template, too")
    for name, value in settings.items():
        if not (name.isidentifier() and isinstance(value, bool | int | float | str)):
            raise ValueError(
                f"agent.model.template.{name}: {value!r}; give a number, a text, true or false under a name"
            )
    told = "".join(f"{{%- set {name} = {json.dumps(value)} %}}" for name, value in settings.items())
    begin = _SETTINGS.match(template)  # those of the policy that this one begins with: the later ones count
    assert begin is not None
    return template[: begin.end()] + told + template[begin.end() :]


def _text_or_file(value: str) -> str:
    if "{" in value:
        return value
    path = Path(value)
    if not path.is_file():
        raise ValueError(f"agent.model.chat_template: {value!r} is neither a Jinja text nor a file")
    return path.read_text("utf-8")


def saved_config(model: str) -> Any:
    """The configuration of a folder, or of a model on the hub, as it was saved."""
    from transformers import AutoConfig

    folder = Path(model)
    if (folder.is_absolute() or folder.parts[:1] == ("..",) or len(folder.parts) > 2) and not folder.is_dir():
        raise ValueError(f"model {model!r}: there is no such folder")
    try:
        return AutoConfig.from_pretrained(model)
    except (OSError, ValueError) as error:
        why = str(error).splitlines()[0]
        raise ValueError(
            f"model {model!r}: cannot be loaded ({why}); name a folder of a model, or a model on the hub"
        ) from None


def load_config(settings: ModelSettings) -> Any:
    """The model's configuration without any dropout: a ratio of two noisy passes is not a ratio of policies."""
    config = saved_config(settings.model)
    for name, value in vars(config).items():
        if ("dropout" in name or "pdrop" in name) and isinstance(value, float):
            setattr(config, name, 0.0)
    return config


def load_model(settings: ModelSettings) -> Any:
    """The weights on their device, with an adapter where the settings say so."""
    from transformers import AutoModelForCausalLM

    choice = {} if settings.attention is None else {"attn_implementation": settings.attention}
    model: Any = AutoModelForCausalLM.from_pretrained(
        settings.model, config=load_config(settings), dtype=DTYPES[settings.dtype], **choice
    )
    model.to(device_of(settings.device))
    if settings.gradient_checkpointing:
        checkpointed = getattr(model, "activation_checkpointing_enable", None) or model.gradient_checkpointing_enable
        checkpointed({"use_reentrant": False})
    if settings.lora is not None:
        model = _with_adapter(model, settings.lora, settings.seed)
    return model


def _with_adapter(model: Any, lora: Lora, seed: int) -> Any:
    from peft import LoraConfig, get_peft_model

    targets = lora.targets if isinstance(lora.targets, str) else list(lora.targets)
    torch.manual_seed(seed)  # peft draws the adapter from the global source
    config = LoraConfig(
        r=lora.rank, lora_alpha=lora.alpha, lora_dropout=0.0, target_modules=targets, task_type="CAUSAL_LM"
    )
    with warnings.catch_warnings():  # peft 0.21 asks for what transformers 5.23 has given another name
        warnings.filterwarnings("ignore", "`is_gradient_checkpointing`", FutureWarning)
        return get_peft_model(model, config)


def eos_ids_of(model: Any, tokenizer: Any) -> tuple[int, ...]:
    """Every id that the model or its tokenizer calls an end of sequence."""
    found: list[int] = []
    for eos in (getattr(model.generation_config, "eos_token_id", None), tokenizer.eos_token_id):
        if eos is not None:
            found += [eos] if isinstance(eos, int) else list(eos)
    return tuple(dict.fromkeys(found))
