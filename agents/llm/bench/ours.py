"""Our side of the bench: the trainer of this package.

Promises: only the environment and the sink are other than in a real run. Does not promise to keep what was learnt.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gymnasium

from agents.llm.assemble import Run, assemble
from agents.llm.bench.load import UNCOUNTED, Load, figures, prompts_of, worth
from agents.llm.episodes import Start
from agents.llm.loading import Lora, ModelSettings
from agents.llm.loop import Trainer
from agents.llm.measures import Metrics
from agents.llm.policy import Policy


class Prompted(gymnasium.Env[str, str]):
    """Shows the prompt it is given and pays what an answer is worth."""

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[str, dict[str, Any]]:
        return options["prompt"], {}

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        return "", worth(action), True, False, {}


class Prompts:
    """A source that follows the load."""

    def __init__(self, load: Load) -> None:
        self._load = load

    def draw(self, step: int, count: int) -> list[Start]:
        return [Start(0, {"prompt": prompt}) for prompt in prompts_of(self._load, step)]

    def learn(self, step: int, episodes: Any) -> None: ...

    def state(self) -> None: ...

    def restore(self, state: Any) -> None: ...


class Said:
    """What is observed is what is said."""

    def open(self, observation: str) -> list[Any]:
        return [{"role": "user", "content": observation}]

    follow = open


class Nowhere:
    """A sink that keeps nothing."""

    def report(self, step: int, metrics: Any, episodes: Any) -> None: ...

    def keep(self, step: int, write: Callable[[Path], None]) -> Path:
        return Path()


def measure(load: Load) -> dict[str, Any]:
    """Steps of our trainer."""
    import torch

    torch.set_num_threads(load.threads)
    lora = Lora(rank=load.lora, alpha=2 * load.lora) if load.lora else None
    policy = Policy.load(ModelSettings(load.model, device=load.device, dtype=load.dtype, lora=lora))
    run = Run(
        steps=UNCOUNTED + load.steps,
        groups=load.prompts,
        group_size=load.group,
        answer_ids=load.answer_ids,
        conversation_ids=4096,
        micro_batch_ids=load.micro_batch_ids,
        learning_rate=1e-6,
    )
    trainer = assemble(policy, Prompted, Said(), Nowhere(), run, source=Prompts(load))
    steps = [_step(trainer) for _ in range(UNCOUNTED + load.steps)][UNCOUNTED:]
    ids = [each["answers/mean_ids"] * load.prompts * load.group for _, each in steps]
    return figures(
        [each["time/step_s"] for _, each in steps],
        [cpu_s for cpu_s, _ in steps],
        [each["time/sampling_s"] for _, each in steps],
        [each["time/learning_s"] for _, each in steps],
        ids,
        load,
    )


def _step(trainer: Trainer) -> tuple[float, Metrics]:
    """A step's processor time, and what was measured in it."""
    began = time.process_time()
    metrics, _ = trainer.one_step()
    trainer.step += 1
    return time.process_time() - began, metrics
