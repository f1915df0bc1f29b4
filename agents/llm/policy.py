"""The policy: a causal language model that is sampled from, scored with gradient, and compared with its
former self.

Promises: with an adapter, the reference is the very same weights with the adapter switched off, and a
checkpoint holds the adapter alone; without one, the reference is a frozen copy, made only when it is needed.
Saving and loading gives back the same bits.
Does not promise dropout: it is off, in training too.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from agents.llm.conversation import Chat
from agents.llm.generate import Distribution, Request, Sampled, sample
from agents.llm.loading import ModelSettings, device_of, eos_ids_of, load_model, load_tokenizer
from agents.llm.scoring import Sample, Scores, score

HEAD_FILE = "value_head.safetensors"


class Policy:
    """A model with its tokenizer, its chat, and perhaps a value head."""

    def __init__(self, model: Any, tokenizer: Any, settings: ModelSettings):
        self.model, self.tokenizer, self.settings = model, tokenizer, settings
        self.device = device_of(settings.device)
        self.chat = Chat(tokenizer, eos_ids_of(model, tokenizer))
        self.value_head: nn.Linear | None = None
        self.most_cached = 2**19
        """How many positions the cache of the sampler may hold at once."""
        self._frozen: Any = None
        self._training = settings.gradient_checkpointing  # which acts in training mode alone
        model.train(self._training)

    @classmethod
    def load(cls, settings: ModelSettings, tokenizer: str | None = None) -> Policy:
        """The policy that the settings describe; its tokenizer may lie in another folder than the model's."""
        from transformers.utils import logging

        logging.disable_progress_bar()
        return cls(load_model(settings), load_tokenizer(settings, tokenizer), settings)

    @property
    def has_adapter(self) -> bool:
        """Whether an adapter is trained, and not the weights."""
        return self.settings.lora is not None

    def add_value_head(self) -> None:
        """A linear value head that starts at 0 everywhere."""
        width = self.model.get_output_embeddings().weight.shape[-1]
        self.value_head = nn.Linear(width, 1, device=self.device, dtype=torch.float32)
        nn.init.zeros_(self.value_head.weight)
        nn.init.zeros_(self.value_head.bias)

    def trained(self) -> list[tuple[str, nn.Parameter]]:
        """What is trained, by name; the value head last."""
        found = [(name, each) for name, each in self.model.named_parameters() if each.requires_grad]
        if self.value_head is not None:
            found += [(f"value_head.{name}", each) for name, each in self.value_head.named_parameters()]
        return found

    # Acting.

    def sample(self, requests: Sequence[Request], distribution: Distribution) -> list[Sampled]:
        """Answers to prompts of ids."""
        self.model.eval()
        try:
            return sample(self.model, requests, self.chat.eos_ids, distribution, self.most_cached)
        finally:
            self.model.train(self._training)

    # Learning.

    @property
    def shares_openings(self) -> bool:
        """Whether equal openings are read once when scoring."""
        return not self._training

    def score(self, samples: Sequence[Sample], temperature: float) -> Scores:
        """Log-probs of the samples' own ids, and values where there is a value head."""
        head = None if self.value_head is None else self._values
        return score(self.model, samples, temperature, head, self.shares_openings)

    def _values(self, hidden: Tensor) -> Tensor:
        assert self.value_head is not None
        return self.value_head(hidden.float())[:, 0]

    def prepare_reference(self) -> None:
        """Remembers the weights as they are now; an adapter is its own memory."""
        if not self.has_adapter:
            self._frozen = copy.deepcopy(self.model).requires_grad_(False)

    def reference_log_probs(self, samples: Sequence[Sample], temperature: float) -> Tensor:
        """What the reference thinks of the samples' own ids, without gradient."""
        with torch.no_grad(), self._reference() as model:
            return score(model, samples, temperature, share=self.shares_openings).log_probs

    @contextmanager
    def _reference(self) -> Iterator[Any]:
        if self.has_adapter:
            with self.model.disable_adapter():
                yield self.model
        elif self._frozen is None:
            raise ValueError("policy: there is no reference; call prepare_reference() before training begins")
        else:
            yield self._frozen

    # Keeping.

    def save(self, folder: Path) -> None:
        """Writes the adapter, or the model, in the layout of peft or transformers, with the tokenizer."""
        from safetensors.torch import save_file

        folder.mkdir(parents=True, exist_ok=True)
        self.model.save_pretrained(folder)
        self.tokenizer.save_pretrained(folder)
        if self.value_head is not None:
            save_file(self.value_head.state_dict(), folder / HEAD_FILE)

    def restore(self, folder: Path) -> None:
        """Takes the trained weights from a folder that `save` wrote."""
        from safetensors.torch import load_file

        if self.has_adapter:
            from peft import load_peft_weights, set_peft_model_state_dict

            set_peft_model_state_dict(self.model, load_peft_weights(str(folder), device=str(self.device)))
        else:
            from transformers import AutoModelForCausalLM

            saved: Any = AutoModelForCausalLM.from_pretrained(folder, dtype=self.model.dtype)
            self.model.load_state_dict(saved.state_dict())
        if self.value_head is not None:
            self.value_head.load_state_dict(load_file(folder / HEAD_FILE, device=str(self.device)))

    def merged(self) -> Any:
        """A copy of the model with the adapter added into the weights."""
        if not self.has_adapter:
            return self.model
        return copy.deepcopy(self.model).merge_and_unload()
