"""Algorithms of stable-baselines3 that choose repair strategies: `agent=sb3_ppo`, `agent=sb3_dqn`.

Promises: nothing heavy is loaded before `train`; a missing package is named together with the command that
installs it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agents.overrides import guess, need
from agents.runs import RunDirectory

if TYPE_CHECKING:
    from omegaconf import DictConfig

ALGORITHMS = ("PPO", "DQN")


def check(config: DictConfig) -> None:
    """Raises a ValueError for settings that cannot work, before anything is made."""
    algorithm = config.agent.algorithm
    if algorithm not in ALGORITHMS:
        raise ValueError(f"agent.algorithm={algorithm}: there is no such one here; {guess(algorithm, ALGORITHMS)}")
    need("stable_baselines3", "sb3", f"agent.algorithm={algorithm}")
    for name, value in (
        ("seeds", config.seeds),
        *((name, config.agent[name]) for name in ("steps", "pool", "held_out")),
    ):
        if value < 1:
            raise ValueError(f"{name}={value}: give 1 or more")


def train(config: DictConfig, run: RunDirectory) -> dict[str, Any]:
    """Trains and measures; returns the summary."""
    from agents.sb3_training.training import train_all

    return train_all(config, run)
