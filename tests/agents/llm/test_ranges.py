"""Numbers with which a run would do harm, stop or learn nothing are refused where they are set."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("torch")

from agents.llm import training
from agents.llm.assemble import Run
from agents.llm.trl_training import TrlSettings

NAN, ENDLESS = float("nan"), float("inf")
STEERED = {"method": "ppo", "kl_coefficient": 0.1}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"most_norm": -1}, "agent.most_norm: -1; give a number above 0"),
        ({"most_norm": 0}, "agent.most_norm: 0; give a number above 0"),
        ({"correction": "token_mask", "correction_limit": 0.0}, "agent.correction_limit: 0.0; give a number above 0"),
        ({**STEERED, "kl_target": 0.0}, "agent.kl_target: 0.0; give a number above 0"),
        ({**STEERED, "kl_target": 0.1, "kl_horizon": 0}, "agent.kl_horizon: 0; give 1 or more"),
        ({"kl_coefficient": -0.1}, "agent.kl_coefficient: -0.1; give 0 or more"),
        ({"resample_rounds": -1}, "agent.resample_rounds: -1; give 0 or more"),
        ({"warmup": -1}, "agent.warmup: -1; give 0 or more"),
        ({"learning_rate": -1e-4}, "agent.learning_rate: -0.0001; give 0 or more"),
        ({"learning_rate": NAN}, "agent.learning_rate: nan; give a finite number"),
        ({"learning_rate": ENDLESS}, "agent.learning_rate: inf; give a finite number"),
        ({"learning_rate": "fast"}, "agent.learning_rate: 'fast'; give a finite number"),
        ({"weight_decay": -0.1}, "agent.weight_decay: -0.1; give 0 or more"),
        ({"clip_low": -0.1}, "agent.clip_low: -0.1; give 0 or more"),
        ({"clip_high": -0.1}, "agent.clip_high: -0.1; give 0 or more"),
        ({"method": "ppo", "clip": -0.1}, "agent.clip: -0.1; give 0 or more"),
        ({"method": "ppo", "value_clip": -0.1}, "agent.value_clip: -0.1; give 0 or more"),
        ({"method": "ppo", "value_coefficient": -0.1}, "agent.value_coefficient: -0.1; give 0 or more"),
        ({"overlong_buffer": -1}, "agent.overlong_buffer: -1; give 0 or more"),
        ({"patience": -1}, "agent.patience: -1; give 0 or more"),
        ({"temperature": NAN}, "agent.temperature: nan; give a finite number"),
        ({"groups": 2.5}, "agent.groups: 2.5; give a whole number"),
        ({"groups": None}, "agent.groups: None; give a whole number"),
    ],
    ids=str,
)
def test_a_number_that_reverses_stops_or_crashes_training_is_refused(wrong, sentence):
    with pytest.raises(ValueError) as error:
        Run(**wrong)
    assert str(error.value) == sentence


@pytest.mark.parametrize(
    "right",
    [
        {"learning_rate": 0.0, "warmup": 0, "patience": 0, "resample_rounds": 0, "clip_low": None, "weight_decay": 0},
        {"most_norm": ENDLESS, "correction_limit": ENDLESS, "clip_high": ENDLESS},
        {"least_entropy": -1.0, "entropy_coefficient": -0.01},
        {**STEERED, "kl_target": None},
    ],
    ids=str,
)
def test_nothing_none_and_a_limit_that_limits_nothing_are_numbers_too(right):
    run = Run(**right)
    assert {name: getattr(run, name) for name in right} == right


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"threads": -1}, "agent.threads: -1; give 1 or more"),
        ({"model": {"path": "tiny", "lora": {"rank": -1}}}, "agent.model.lora.rank: -1; give 1 or more"),
    ],
    ids=str,
)
def test_so_are_those_beside_the_run(wrong, sentence):
    agent: dict[str, Any] = {"model": {"path": "tiny"}, "style": "compact"}
    with pytest.raises(ValueError, match=sentence):
        training.settings_of({"agent": agent | wrong, "env": {}})


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"processes": 0}, "agent.processes: 0; give 1 or more"),
        ({"groups": 0}, "agent.groups: 0; give 1 or more"),
        ({"steps": -1}, "agent.steps: -1; give 1 or more"),
        ({"learning_rate": -1.0}, "agent.learning_rate: -1.0; give 0 or more"),
    ],
    ids=str,
)
def test_and_those_that_trl_would_take_for_something_else(wrong, sentence):
    with pytest.raises(ValueError, match=sentence):
        TrlSettings(**wrong)
