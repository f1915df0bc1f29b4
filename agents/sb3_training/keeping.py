"""Keeping an algorithm of stable-baselines3 so that it goes on bit for bit.

Promises: weights, optimiser, replay buffer, counters and all random generators are kept; a folder appears
whole or not at all. Files are made by this program and read by it alone: they hold pickles, so never load
those of a stranger.
"""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from stable_baselines3.common.off_policy_algorithm import OffPolicyAlgorithm
from stable_baselines3.common.vec_env import VecEnv


def keep(model: Any, folder: Path) -> None:
    """Writes everything of a model into a new folder."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".new-"))
    model.save(new / "model.zip")
    if isinstance(model, OffPolicyAlgorithm):
        model.save_replay_buffer(new / "replay.pkl")
    randomness = {
        "numpy": np.random.get_state(),  # the generator that stable-baselines3 draws from
        "torch": torch.get_rng_state(),
        "actions": model.action_space.np_random.bit_generator.state,
    }
    torch.save(randomness, new / "random.pt")
    for file in new.iterdir():
        with file.open("rb") as written:
            os.fsync(written.fileno())
    if folder.exists():
        shutil.rmtree(folder)
    new.rename(folder)


def take_up(algorithm: Any, folder: Path, env: VecEnv) -> Any:
    """The model that `keep` wrote, with all random generators as they were."""
    model = algorithm.load(folder / "model.zip", env=env, device="cpu", force_reset=False)
    if isinstance(model, OffPolicyAlgorithm):
        model.load_replay_buffer(folder / "replay.pkl")
    randomness = torch.load(io.BytesIO((folder / "random.pt").read_bytes()), weights_only=False)
    np.random.set_state(randomness["numpy"])
    torch.set_rng_state(randomness["torch"])
    model.action_space.np_random.bit_generator.state = randomness["actions"]
    return model
