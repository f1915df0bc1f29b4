"""`python -m agents.train agent=grpo`: a whole run, what it leaves behind, and its second life."""

from __future__ import annotations

import importlib
import json
import os
import signal
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from tests.needs import needs

torch = pytest.importorskip("torch")
needs("peft")
hydra = pytest.importorskip("hydra")

import letters

from agents.llm import training
from agents.llm.assemble import Run
from agents.run_files import unknown_files
from agents.runs import RunDirectory, read_records
from tests.forks import in_a_child

STEPS = 3


def config_of(model_folder: Path, **agent: Any) -> dict[str, Any]:
    chosen = {
        "module": "agents.llm.training",
        "model": {"path": str(model_folder), "device": "cpu", "lora": {"rank": 2, "alpha": 4}},
        "style": "compact",
        "threads": 1,
        "groups": 2,
        "group_size": 3,
        "steps": STEPS,
        "answer_ids": 8,
        "conversation_ids": 100,
        "checkpoint_every": 2,
        "learning_rate": 1e-2,
    }
    return {
        "agent": chosen | agent,
        "env": {"id": "letters:Letters-v0", "turns": 2},
        "problems": {"train": "train"},
        "sandbox": {"shell": "auto", "workers": None},
        "seed": 3,
        "seeds": 2,
    }


def test_a_policy_is_measured_on_problems_held_out_before_and_after(model_folder, tmp_path, capsys):
    config = config_of(model_folder, held_out=5) | {"problems": {"train": "train", "test": "test"}, "seeds": 1}
    plain = config_of(model_folder) | {"seeds": 1}
    results = {}
    for name, chosen in (("looked", config), ("plain", plain)):
        with RunDirectory.create(tmp_path / name, chosen) as run:
            results[name] = training.train(chosen, run)
            run.finish(results[name])
    [looked], [other] = results["looked"]["seeds"], results["plain"]["seeds"]
    assert looked["held_out"]["before"]["episodes"] == looked["held_out"]["after"]["episodes"] == 5
    assert {"first", "last"} <= other.keys()
    assert (looked["first"], looked["last"]) == (other["first"], other["last"])  # training does not notice
    assert results["looked"]["held_out"]["before"]["reward"]["mean"] == looked["held_out"]["before"]["reward"]
    kept = json.loads((tmp_path / "looked" / "measured" / "held-out-3-before.json").read_text())
    assert kept == looked["held_out"]["before"]
    assert unknown_files(tmp_path / "looked") == []
    with RunDirectory.open(tmp_path / "looked") as run:
        training.show(results["looked"], run)
    assert "reward on problems.test: " in capsys.readouterr().out
    with pytest.raises(ValueError, match=r"agent\.held_out: in TestGen-Adversarial-v0"):
        training.settings_of(config | {"env": {"id": "TestGen-Adversarial-v0"}})


@pytest.fixture(scope="module")
def whole(model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A run that nothing disturbed."""
    config = config_of(model_folder)
    with RunDirectory.create(tmp_path_factory.mktemp("runs") / "whole", config) as run:
        summary = training.train(config, run)
    return run.path, summary


def test_a_run_leaves_everything_behind(whole, model_folder):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    path, summary = whole
    assert [each["seed"] for each in summary["seeds"]] == [3, 4]
    assert all(each["steps"] == STEPS for each in summary["seeds"])
    assert summary["reward_last"]["low"] <= summary["reward_last"]["mean"] <= summary["reward_last"]["high"]
    json.dumps(summary, allow_nan=False)
    records = read_records(path)
    assert len(records) == 2 * STEPS * 6
    assert {each["kind"] for each in records} == {"episode"}
    assert records[0]["messages"][0]["content"].startswith("write ")
    assert unknown_files(path) == []
    assert [each["role"] for each in records[0]["messages"]] == ["user", "assistant", "user", "assistant"]
    for each in summary["seeds"]:
        assert (path / each["policy"] / "adapter_model.safetensors").exists()
    events = EventAccumulator(str(path / "tb" / "seed-3"))
    events.Reload()
    drawn = set(events.Tags()["scalars"])
    assert {"reward/mean", "reward_parts/letters", "policy/entropy", "policy/clip_share", "groups/dead_share",
            "answers/mean_ids", "time/sandbox_share", "time/ids_per_s"} <= drawn  # fmt: skip
    assert "episode_0" in events.Tags()["tensors"]
    text = events.Tensors("episode_0")[0].tensor_proto.string_val[0].decode()
    assert "reward **" in text
    assert "again" in text
    assert [event.step for event in events.Scalars("reward/mean")] == [1, 2, 3]


def test_a_run_that_is_killed_goes_on_as_if_nothing_had_been(whole, model_folder, tmp_path):
    class Deadly(letters.Letters):
        """Ends the process in the third step of the second seed."""

        said = 0

        def step(self, action: str) -> Any:
            Deadly.said += 1
            if Deadly.said == 12 * (STEPS + 2) + 5:
                os.kill(os.getpid(), signal.SIGKILL)
            return super().step(action)

    path, summary = whole
    config = config_of(model_folder)

    def train() -> None:
        letters.Letters = Deadly  # what the id stands for is looked up when an environment is made
        with RunDirectory.create(tmp_path / "killed", config) as run:
            training.train(config, run)

    assert os.WIFSIGNALED(in_a_child(train))
    with RunDirectory.open(tmp_path / "killed") as run:
        assert training.train(config, run) == summary
    assert read_records(run.path) == read_records(path)


def test_a_finished_run_that_is_resumed_gives_the_same_summary(whole, model_folder, capsys):
    path, summary = whole
    with RunDirectory.open(path) as run:
        assert training.train(config_of(model_folder), run) == summary
        training.show(summary, run)
    said = capsys.readouterr().out
    assert f"reward, 2 seeds: {summary['reward_first']['mean']:.3f} [" in said
    assert f"tensorboard --logdir {path}" in said
    assert "agents.evaluate" not in said, "it was no test that was learnt"


def test_the_files_of_settings_are_complete():
    """Every setting is in the file with the default of the code, or is one that the shipped model wants otherwise."""
    from omegaconf import OmegaConf

    from agents.llm.trl_training import TrlSettings

    root = Path(__file__).parents[3] / "configs" / "agent"
    grpo, ppo, trl = (set(OmegaConf.load(root / f"{name}.yaml")) for name in ("grpo", "ppo", "trl_grpo"))
    beside = {"module", "model", "server", "style", "threads", "held_out"}
    assert (grpo | ppo) - {"defaults"} == {each.name for each in fields(Run)} - {"seed"} | beside
    assert trl == {each.name for each in fields(TrlSettings)} | {"module", "model"}


@pytest.mark.parametrize("name", ["grpo", "ppo", "trl_grpo"])
def test_every_agent_can_be_composed_and_checked(name, model_folder):
    with hydra.initialize_config_module("configs", version_base="1.3"):
        from agents.settings import register_schemas

        register_schemas()
        words = [f"agent={name}", "env=gymnasium", "env.id=letters:Letters-v0", f"agent.model.path={model_folder}"]
        config = hydra.compose("train", words)
    importlib.import_module(config.agent.module).check(config)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"group_sise": 3}, "did you mean 'group_size'"),
        ({"algorithm": "drgrpo"}, "did you mean 'dr_grpo'"),
        ({"group_size": 1}, "give 2 or more"),
        ({"answer_ids": 100}, "leave no room for an opening"),
        ({"temperature": 0}, "must sample"),
        ({"answer_ids": 0}, "agent.answer_ids: 0; give 1 or more"),
        ({"waves": -1}, "agent.waves: -1; give 1 or more"),
        ({"model": {"path": "tiny", "device": "foo"}}, "agent.model.device: 'foo' cannot be used"),
        ({"server": {"url": "http://me:secret@host/v1"}}, "agent.server.url: holds a user or a password"),
        ({"kl_estimator": "k1"}, "a gradient that leads anywhere"),
        ({"clip": 0.1}, "agent.clip: 0.1 has no effect with agent.method=grpo; leave it at 0.2"),
        ({"method": "ppo", "mask_cut": True}, "agent.mask_cut: True has no effect with agent.method=ppo"),
        ({"method": "ppo", "resample": True}, "agent.resample: True has no effect"),
        ({"method": "ppo", "correction": "none"}, "choose from token_truncate"),
        ({"server": {"url": "http://localhost:1/v1", "name": "x"}}, "agent.server: there is no setting 'name'"),
    ],
)
def test_what_cannot_work_is_refused_before_anything_is_played(model_folder, wrong, sentence):
    config = config_of(model_folder, **wrong)
    with pytest.raises(ValueError, match=sentence):
        training.check(config)


def test_a_server_wants_an_adapter(model_folder):
    config = config_of(model_folder, server={"url": "http://localhost:1/v1", "model": "m"})
    training.check(config)
    config["agent"]["model"] = {"path": str(model_folder), "device": "cpu"}
    with pytest.raises(ValueError, match=r"agent\.model\.lora\.rank"):
        training.check(config)
