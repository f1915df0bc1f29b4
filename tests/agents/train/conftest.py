"""The stand-in environment, and a short run in it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.fixture(scope="session", autouse=True)
def stand_in():
    """The module that registers `StandIn-Repair-v0`."""
    if "stand_in" not in sys.modules:
        spec = importlib.util.spec_from_file_location("stand_in", HERE / "stand_in.py")
        sys.modules["stand_in"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules["stand_in"])
    return sys.modules["stand_in"]


@pytest.fixture(scope="session")
def compose():
    """The configuration that some words of a command line make."""
    from hydra import compose, initialize_config_module

    from agents.settings import register_schemas

    register_schemas()

    def make(*words):
        usual = ["env=gymnasium", "env.id=StandIn-Repair-v0", "+env.max_attempts=3", "seeds=2"]
        with initialize_config_module("configs", version_base="1.3"):
            return compose("train", [*usual, *words])

    return make
