"""Algorithms of stable-baselines3 that choose repair strategies: `agent=sb3_ppo`, `agent=sb3_dqn`.

Promises: nothing heavy is loaded before `check`; a missing package is named together with the command that
installs it.
"""

from __future__ import annotations

from collections.abc import Iterable
from inspect import signature
from typing import TYPE_CHECKING, Any

from agents.context import Context
from agents.extras import need_extra
from agents.refusals import guess
from agents.report import show as show  # agents.train prints with it
from agents.runs import RunDirectory
from agents.scene import arms_of, check_choosing

if TYPE_CHECKING:
    from omegaconf import DictConfig

ALGORITHMS = ("PPO", "DQN")


def check(config: DictConfig) -> None:
    """Raises a ValueError for settings that cannot work, before anything is made."""
    algorithm = config.agent.algorithm
    if algorithm not in ALGORITHMS:
        raise ValueError(f"agent.algorithm={algorithm}: there is no such one here; {guess(algorithm, ALGORITHMS)}")
    need_extra("sb3", f"agent.algorithm={algorithm}")
    if not 0 <= config.seed <= 2**32 - config.seeds:
        raise ValueError(f"seed={config.seed}: give one from 0 on; that of the last run must be below {2**32:,}")
    env = check_choosing(config, ("steps", "pool", "held_out", "checkpoint_every"))
    Context(env.observation_space, arms_of(env, config.env.id))  # it refuses what is no number
    _check_names(algorithm, config.agent.parameters)
    from agents.sb3_training.training import check_values

    check_values(config.agent, env)


def _check_names(algorithm: str, given: Iterable[str]) -> None:
    import stable_baselines3

    known = list(signature(getattr(stable_baselines3, algorithm)).parameters)
    for name in given:
        if name not in known:
            raise ValueError(f"agent.parameters.{name}: {algorithm} has no such parameter; {guess(name, known)}")


def train(config: DictConfig, run: RunDirectory) -> dict[str, Any]:
    """Trains and measures; returns the summary."""
    from agents.sb3_training.training import train_all

    return train_all(config, run)
