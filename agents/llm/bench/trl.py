"""TRL's side of the bench: its GRPOTrainer, with what slows it down and can be turned off turned off.

Promises: no logging to anywhere, no checkpoints, no gradient checkpointing (which is on by default there), one
forward and backward pass for the whole batch where the load allows it.
Does not promise vLLM: both sides sample with transformers.
"""

from __future__ import annotations

import importlib
import tempfile
import time
from typing import Any

from agents.llm.bench.load import UNCOUNTED, Load, figures, prompts_of, worth


def measure(load: Load) -> dict[str, Any]:
    """Steps of TRL's trainer."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import logging

    torch.set_num_threads(load.threads)
    logging.disable_progress_bar()
    times: dict[str, list[float]] = {"step": [], "cpu": [], "sample": [], "ids": []}
    with tempfile.TemporaryDirectory() as folder:
        trainer = _timed(times)(
            model=AutoModelForCausalLM.from_pretrained(load.model, dtype=getattr(torch, load.dtype)),
            reward_funcs=_rewards,
            args=_config(load, folder),
            train_dataset=_rows(load),
            processing_class=AutoTokenizer.from_pretrained(load.model),
            peft_config=_peft(load),
        )
        trainer.train()
    steps = times["step"][UNCOUNTED : UNCOUNTED + load.steps]
    samples = times["sample"][UNCOUNTED:]
    learning = [step - sample for step, sample in zip(steps, samples, strict=True)]
    cpu = times["cpu"][UNCOUNTED : UNCOUNTED + load.steps]
    return figures(steps, cpu, samples, learning, times["ids"][UNCOUNTED:], load)


def _timed(times: dict[str, list[float]]) -> Any:
    """TRL's trainer, with a clock."""
    trainer: Any = importlib.import_module("trl").GRPOTrainer

    class Timed(trainer):
        """Says how long its steps and its sampling took."""

        began = began_cpu = 0.0

        def _generate_single_turn(self, *given: Any, **named: Any) -> Any:
            began = time.perf_counter()
            found = super()._generate_single_turn(*given, **named)
            times["sample"].append(time.perf_counter() - began)
            times["ids"].append(float(sum(map(len, found[0]))))
            return found

        def training_step(self, *given: Any, **named: Any) -> Any:
            if not self.began:
                self.began, self.began_cpu = time.perf_counter(), time.process_time()
            return super().training_step(*given, **named)

        def log(self, *given: Any, **named: Any) -> None:
            times["step"].append(time.perf_counter() - self.began)
            times["cpu"].append(time.process_time() - self.began_cpu)
            self.began = 0.0
            super().log(*given, **named)

    return Timed


def _rewards(completions: list[Any], **_: Any) -> list[float]:
    return [worth(each[0]["content"]) for each in completions]


def _rows(load: Load) -> Any:
    from datasets import Dataset

    prompts = [prompt for step in range(UNCOUNTED + load.steps) for prompt in prompts_of(load, step)]
    return Dataset.from_list([{"prompt": [{"role": "user", "content": prompt}]} for prompt in prompts])


def _config(load: Load, folder: str) -> Any:
    samples = load.prompts * load.group
    at_once = min(samples, load.trl_rows or samples)
    return importlib.import_module("trl").GRPOConfig(
        output_dir=folder,
        per_device_train_batch_size=at_once,
        gradient_accumulation_steps=samples // at_once,
        num_generations=load.group,
        max_completion_length=load.answer_ids,
        max_steps=UNCOUNTED + load.steps,
        learning_rate=1e-6,
        loss_type="grpo",
        temperature=1.0,
        use_cpu=load.device == "cpu",
        bf16=load.dtype == "bfloat16",
        activation_checkpointing=False,
        logging_steps=1,
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
        shuffle_dataset=False,
    )


def _peft(load: Load) -> Any:
    if not load.lora:
        return None
    from peft import LoraConfig

    return LoraConfig(r=load.lora, lora_alpha=2 * load.lora, target_modules="all-linear", task_type="CAUSAL_LM")
