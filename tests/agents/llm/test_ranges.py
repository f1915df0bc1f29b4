"""Numbers with which a run would do harm, stop or learn nothing are refused where they are set."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("torch")

from agents.llm import training, trl_training
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
        ({"groups": True}, "agent.groups: True; give a whole number"),
        ({"learning_rate": True}, "agent.learning_rate: True; give a finite number"),
        ({"method": "ppo", "whiten": "no"}, "agent.whiten: 'no'; give true or false"),
        ({"mask_cut": "off"}, "agent.mask_cut: 'off'; give true or false"),
        ({"mask_cut": 0.5}, "agent.mask_cut: 0.5; give true or false"),
        ({"mask_cut": None}, "agent.mask_cut: None; give true or false"),
        ({"resample": "no"}, "agent.resample: 'no'; give true or false"),
        ({"resample": 0}, "agent.resample: 0; give true or false"),
        ({"algorithm": 5}, "agent.algorithm: 5; give a text"),
        ({"method": ["ppo"]}, "agent.method: ['ppo']; give a text"),
        ({"correction": False}, "agent.correction: False; give a text"),
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
        ({"threads": 0}, "agent.threads: 0; give 1 or more"),
        ({"threads": False}, "agent.threads: False; give a whole number"),
        ({"seed": 7}, "agent.seed: the seed of a run is said by seed="),
        ({"model": {"path": "tiny", "seed": 7}}, "agent.model.seed: this is said by seed= alone"),
        ({"model": {"path": "tiny", "model": "x"}}, "agent.model.model: this is said by agent.model.path= alone"),
        ({"model": {"path": "tiny", "lora": {"rank": -1}}}, "agent.model.lora.rank: -1; give 0 or more"),
        ({"model": {"path": "tiny", "lora": {"rank": False}}}, "agent.model.lora.rank: False; give a whole number"),
        ({"model": {"path": "tiny", "lora": {"rank": "no"}}}, "agent.model.lora.rank: 'no'; give a whole number"),
        ({"model": {"path": "tiny", "lora": {"rank": 4, "alpha": 0}}}, "agent.model.lora.alpha: 0; give 1 or more"),
        (
            {"model": {"path": "tiny", "lora": {"rank": 4, "targets": 5}}},
            "agent.model.lora.targets: 5; give all-linear",
        ),
        (
            {"model": {"path": "tiny", "lora": {"rank": 4, "targets": [5]}}},
            r"agent.model.lora.targets: \[5\]; give all-",
        ),
        (
            {"model": {"path": "tiny", "gradient_checkpointing": "off"}},
            "gradient_checkpointing: 'off'; give true or fa",
        ),
        ({"model": {"path": "tiny", "chat_template": 5}}, "agent.model.chat_template: 5; give a text"),
        ({"model": {"path": "tiny", "dtype": ["float32"]}}, r"agent.model.dtype: \['float32'\]; give a text"),
        ({"server": {"url": 5}}, "agent.server.url: 5; give a text"),
        ({"server": 5}, "agent.server: 5; give its settings, such as agent.server.url=URL"),
        ({"model": "tiny"}, "agent.model: 'tiny'; give its settings, such as agent.model.path=tiny"),
        (
            {"model": {"path": "tiny", "lora": 5}},
            "agent.model.lora: 5; give its settings, such as agent.model.lora.rank",
        ),
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
        ({"steps": True}, "agent.steps: True; give a whole number"),
        ({"mode": "tools", "conversation_ids": 100}, "agent.conversation_ids: 100 has no effect with agent.mode=tools"),
        ({"tools": ("answer", "look")}, "agent.tools: .* has no effect with agent.mode=rollout; leave it at"),
    ],
    ids=str,
)
def test_and_those_that_trl_would_take_for_something_else(wrong, sentence):
    with pytest.raises(ValueError, match=sentence):
        TrlSettings(**wrong)


def test_rank_0_and_none_are_no_adapter():
    for rank in (0, None):
        assert training.model_settings({"path": "tiny", "lora": {"rank": rank, "alpha": 32}}, 0).lora is None
    assert training.model_settings({"path": "tiny", "lora": {"rank": 2}}, 0).lora.rank == 2
    assert training.settings_of({"agent": {"model": {"path": "tiny"}, "style": "compact"}, "env": {}}).threads >= 1


@pytest.mark.parametrize("module", [training, trl_training])
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"seeds": 0}, "seeds=0: give 1 or more"),
        ({"seeds": -2}, "seeds=-2: give"),
        ({"seed": -1}, "seed=-1: give 0 or"),
    ],
    ids=str,
)
def test_seeds_that_train_nothing_are_refused(module, wrong, sentence):
    with pytest.raises(ValueError, match=sentence):
        module.check({"seed": 0, "seeds": 1, **wrong})
