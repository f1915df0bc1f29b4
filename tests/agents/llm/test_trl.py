"""The same environments through TRL's GRPOTrainer, on the installed TRL."""

from __future__ import annotations

import inspect
import json
import math
import os
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.needs import needs

torch = pytest.importorskip("torch")
needs("trl", "datasets")

from letters import Letters

from agents.llm import trl_training
from agents.llm.conversation import Conversation
from agents.llm.episodes import Episode, Start, TextTalk
from agents.llm.guards import TrainingStopped
from agents.llm.trl_bridge import check_sampling, episode_reward, row_of, start_of, told, tool_environment

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::UserWarning", "ignore::DeprecationWarning")


def config_of(model_folder: Path, **agent: Any) -> dict[str, Any]:
    chosen = {
        "module": "agents.llm.trl_training", "mode": "rollout", "tools": ["answer"], "style": "compact", "threads": 1,
        "model": {"path": str(model_folder), "device": "cpu"}, "steps": 2, "groups": 2, "group_size": 4,
        "answer_ids": 6, "conversation_ids": 100, "turns": 2, "learning_rate": 1e-2, "trl": {"report_to": "none"},
    }  # fmt: skip
    return {
        "agent": chosen | agent,
        "env": {"id": "letters:Letters-v0", "turns": 2},
        "problems": {"train": "train"},
        "sandbox": {"shell": "auto", "workers": None},
        "seed": 0,
        "seeds": 1,
    }


def worked(config: dict[str, Any], folder: Path) -> dict[str, Any]:
    trl_training.work(config, folder, 0)
    return json.loads((folder / "policies" / "seed-0" / trl_training.SUMMARY).read_text())


def weights_of(folder: Path) -> Any:
    from safetensors.torch import load_file

    return load_file(folder / "model.safetensors")


def test_our_players_teach_trls_trainer(model_folder, tmp_path):
    summary = worked(config_of(model_folder), tmp_path)
    assert summary["steps"] == 2
    assert summary["last"]["reward_parts/letters"] == pytest.approx(summary["last"]["reward"], rel=1e-5)
    assert summary["last"]["grad_norm"] > 0
    final, start = weights_of(tmp_path / summary["policy"]), weights_of(model_folder)
    assert any(not torch.equal(final[name], start[name]) for name in start)


def test_trls_own_engine_can_sample_too(model_folder, tmp_path, world):
    from agents.llm import trl_bridge

    settings, model = trl_training.settings_of(config_of(model_folder), 0)
    trainer = trl_training.make_trainer(settings, model, lambda: Letters(turns=2), tmp_path, 0)
    found = trl_bridge._trl_engine(
        trainer.rollout_func.chat, trainer, [trl_bridge.Request((7, 8), 3, 0), trl_bridge.Request((9,), 6, 0)]
    )
    assert [each.prompt for each in found] == [(7, 8), (9,)]
    assert 1 <= len(found[0].ids) <= 3
    assert all(math.isnan(each) for each in found[0].log_probs)


def test_a_rollout_is_told_whole_with_the_mask_of_the_policys_own_ids():
    conversation = Conversation([7, 8], [False, False], opening=2)
    conversation.say([7, 8], [3, 4], [-0.1, -0.2], finished=True)
    conversation.hear([9])
    conversation.say([7, 8, 3, 4, 9], [5], [-0.3], finished=True)
    faulty = Episode(Start(0), 1, Conversation([7, 8], [False, False], opening=2), fault="the machine failed")
    output = told([Episode(Start(0), 0, conversation, [0.5, 0.25], {"letters": 0.75}), faulty])
    assert output["prompt_ids"] == [[7, 8], [7]]
    assert output["completion_ids"] == [[3, 4, 9, 5], [8]]
    assert output["env_mask"] == [[1, 1, 0, 1], [0]]
    assert output["logprobs"] == [[-0.1, -0.2, 0.0, -0.3], [0.0]]
    assert output["episode_reward"] == [0.75, None]
    drawn: dict[str, float] = {}
    assert episode_reward(output["episode_reward"], output["episode_parts"], drawn.__setitem__) == [0.75, None]
    assert drawn == {"reward_parts/letters": 0.75}


def test_a_row_names_a_start():
    start = Start(7, {"problem": "x"})
    assert start_of(row_of(start)["prompt"]) == start


def public(kind: type) -> set[str]:
    """What TRL would take for a tool, by its own rule."""
    names = {name for name, _ in inspect.getmembers(kind, inspect.isfunction) if not name.startswith("_")}
    return names - {"reset", "get_reward"}


def test_only_the_tools_of_the_list_exist():
    talk = TextTalk("compact")
    assert public(tool_environment(Letters, talk)) == {"answer"}
    assert public(tool_environment(Letters, talk, ("answer", "look"))) == {"answer", "look"}
    for wrong, sentence in ((("answer", "close"), "no tool 'close'"), (("look",), "no way to act")):
        with pytest.raises(ValueError, match=sentence):
            tool_environment(Letters, talk, wrong)
    from transformers.utils import get_json_schema

    kind = tool_environment(Letters, talk, ("answer", "look"))
    assert get_json_schema(kind().answer)["function"]["parameters"]["required"] == ["text"]
    assert get_json_schema(kind().look)["function"]["name"] == "look"


def test_a_tool_environment_plays_an_episode():
    env = tool_environment(lambda: Letters(lambda env, said: 0.5, turns=2), TextTalk("compact"), ("answer", "look"))()
    assert env.get_reward() is None
    shown = env.reset(seed=3, options="{}", prompt="ignored")
    assert shown.startswith("write ")
    assert env.look() == shown
    assert env.answer("a").startswith("again ")
    assert env.answer("a") == "It is over."
    assert env.answer("a").startswith("It is over; there is nothing")
    assert env.get_reward() == 1.0
    faulty = tool_environment(lambda: Letters(lambda env, said: math.nan), TextTalk("compact"))()
    faulty.reset(seed=0)
    faulty.answer("a")
    assert faulty.get_reward() is None


def test_trl_takes_the_tools(world, tmp_path):
    """A template of TRL's own, since tools are told to the model by the template."""
    import trl

    template = (Path(trl.__file__).parent / "chat_templates" / "qwen3.jinja").read_text()
    marks = (
        "<pad>",
        "<|im_start|>",
        "<|im_end|>",
        "<tool_call>",
        "</tool_call>",
        "<tool_response>",
        "</tool_response>",
    )
    tokenizer = world.make_tokenizer((*marks, "<think>", "</think>"), "<|im_end|>")
    tokenizer.chat_template = template
    tokenizer.save_pretrained(tmp_path / "model")
    model = world.make_model(len(tokenizer), eos=(2,), max_position_embeddings=4096)
    model.save_pretrained(tmp_path / "model")
    config = config_of(tmp_path / "model", mode="tools", steps=1, conversation_ids=1024)
    summary = worked(config, tmp_path)
    assert summary["last"]["tools/call_frequency"] == 0  # a random model calls none
    assert summary["last"]["reward"] == 0


def test_two_processes_share_the_groups(model_folder, tmp_path):
    """What `accelerate launch` starts is what a user starts."""
    config = config_of(model_folder, processes=2)
    from omegaconf import OmegaConf

    (tmp_path / "config.yaml").write_text(OmegaConf.to_yaml(OmegaConf.create(config)))
    paths = [str(Path(__file__).parent), str(Path(__file__).parents[3]), os.environ.get("PYTHONPATH", "")]
    before, os.environ["PYTHONPATH"] = os.environ.get("PYTHONPATH"), os.pathsep.join(paths)
    try:
        found = trl_training.train(config, SimpleNamespace(path=tmp_path))
    finally:
        del os.environ["PYTHONPATH"]
        if before is not None:
            os.environ["PYTHONPATH"] = before
    [summary] = found["seeds"]
    assert summary["steps"] == 2
    assert summary["last"]["grad_norm"] > 0
    assert (tmp_path / summary["policy"] / "model.safetensors").exists()


def test_a_pool_of_opponents_counts_steps_and_is_kept_with_the_checkpoints(model_folder, tmp_path):
    """The game's own pool would count rounds, of which there are many in a step."""
    box = {"sandbox": {"shell": "auto", "workers": 1}, "problems": {"train": "balanced_cut"}}
    game = {"id": "TestGen-Adversarial-v0", "rounds": 1, "mode": "unconditional", "start_adversary_step": 2}
    agent = {"conversation_ids": 480, "answer_ids": 4, "groups": 1, "group_size": 2, "steps": 3, "checkpoint_every": 2}
    config = {**config_of(model_folder, **agent), **box, "env": game | {"adversary": {"kind": "embedded"}}}
    worked(config, tmp_path)
    kept = [json.loads((trl_folder(tmp_path) / f"checkpoint-{step}" / "source-0.json").read_text()) for step in (2, 3)]
    assert [each["opponents"]["steps"] for each in kept] == [2, 3]
    assert [bool(each["opponents"]["seats"]) for each in kept] == [False, True]
    (trl_folder(tmp_path) / "checkpoint-9").mkdir()  # which a sudden death left unfinished
    assert trl_training._newest(trl_folder(tmp_path)).endswith("checkpoint-3")
    (trl_folder(tmp_path) / "checkpoint-3" / "source-0.json").unlink()  # it died before the pool was written
    assert trl_training._newest(trl_folder(tmp_path), pools=1).endswith("checkpoint-2")


def test_a_run_that_is_resumed_ends_with_the_weights_of_one_that_was_not(model_folder, tmp_path):
    config = config_of(model_folder, steps=3, checkpoint_every=2)
    whole = weights_of(tmp_path / worked(config, tmp_path)["policy"])
    shutil.rmtree(trl_folder(tmp_path) / "checkpoint-3")
    shutil.rmtree(trl_folder(tmp_path) / "final")
    again = weights_of(tmp_path / worked(config, tmp_path)["policy"])
    assert all(torch.equal(again[name], whole[name]) for name in whole)


def test_a_run_that_breaks_its_weights_ends_and_does_not_keep_them(model_folder, tmp_path):
    with pytest.raises(TrainingStopped, match=r"so the weights are broken; lower `agent\.learning_rate`"):
        worked(config_of(model_folder, steps=4, learning_rate=1e30, checkpoint_every=1), tmp_path)
    for kept in trl_folder(tmp_path).glob("*/model.safetensors"):
        assert all(each.isfinite().all() for each in weights_of(kept.parent).values())


def trl_folder(root: Path) -> Path:
    return root / "policies" / "seed-0"


def test_a_setting_that_trl_does_not_have_gets_a_guess(model_folder):
    trl_training.check(config_of(model_folder, trl={"loss_type": "dr_grpo"}))
    with pytest.raises(ValueError, match="no setting 'los_type'; did you mean 'loss_type'"):
        trl_training.check(config_of(model_folder, trl={"los_type": "dr_grpo"}))


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"top_p": 0.5}, r"agent\.trl\.top_p: 0\.5 has no effect where our own engine samples"),
        ({"top_k": 5}, r"agent\.trl\.top_k: 5 has no effect"),
        ({"min_p": 0.1}, r"agent\.trl\.min_p: 0\.1 has no effect"),
        ({"repetition_penalty": 1.5}, r"agent\.trl\.repetition_penalty: 1\.5 has no effect"),
        ({"generation_kwargs": {"num_beams": 2}}, r"agent\.trl\.generation_kwargs: .* has no effect"),
        ({"seed": 7}, r"agent\.trl\.seed: this is said by seed= alone"),
        ({"max_completion_length": 7}, r"agent\.trl\.max_completion_length: this is said by agent\.answer_ids= alone"),
    ],
    ids=str,
)
def test_what_would_have_no_effect_is_refused(model_folder, more, sentence):
    with pytest.raises(ValueError, match=sentence):
        trl_training.check(config_of(model_folder, trl=more))


def test_what_trls_own_engine_carries_out_is_not(model_folder):
    trl_training.check(config_of(model_folder, trl={"top_p": 1.0, "top_k": 0, "min_p": None, "generation_kwargs": {}}))
    tools = config_of(model_folder, mode="tools", conversation_ids=1024, trl={"top_p": 0.5, "top_k": 5})
    trl_training.check(tools)
    trl_training.check(config_of(model_folder, accelerate="zero3.yaml", trl={"top_p": 0.5}))
    with pytest.raises(ValueError, match="has no effect where our own engine samples"):
        check_sampling(SimpleNamespace(top_p=0.5))  # as our engine asks before it samples


def test_turns_bound_the_rounds_of_calls(model_folder):
    config = config_of(model_folder, mode="tools", conversation_ids=1024, turns=3)
    settings, model = trl_training.settings_of(config, 0)
    assert trl_training.grpo_config(settings, model, Path("unused"), 0).max_tool_calling_iterations == 3


def test_the_model_pays_attention_as_it_is_told(model_folder, tmp_path):
    config = config_of(model_folder, model={"path": str(model_folder), "device": "cpu", "attention": "eager"})
    trainer = trl_training.make_trainer(*trl_training.settings_of(config, 0), lambda: Letters(turns=2), tmp_path, 0)
    assert trainer.model.config._attn_implementation == "eager"


def test_a_device_that_trl_would_not_take_is_refused(model_folder):
    with pytest.raises(ValueError, match=r"agent\.model\.device: 'cpu:0' has no effect with TRL"):
        trl_training.check(config_of(model_folder, model={"path": str(model_folder), "device": "cpu:0"}))


def test_samples_that_processes_cannot_share_are_refused(model_folder):
    for wrong in ({"processes": 3}, {"rows": 3}, {"mode": "talk"}, {"groups": 3, "group_size": 2, "processes": 2}):
        with pytest.raises(ValueError, match=r"agent\.(rows|mode|processes)"):
            trl_training.settings_of(config_of(model_folder, **wrong), 0)


def test_a_run_that_does_not_fit_is_refused_with_the_setting_to_change(model_folder, monkeypatch):
    model = {"path": str(model_folder), "device": "cpu", "gradient_checkpointing": True}
    many = {"groups": 64, "group_size": 64, "model": model}
    monkeypatch.setattr(trl_training, "free_bytes", lambda device: 8 * 2**20)
    with pytest.raises(ValueError, match=r"needs about .* on cpu, and 8\.0 MB are free.*Lower `agent\.rows`"):
        trl_training.check(config_of(model_folder, **many))
    trl_training.check(config_of(model_folder, **many, rows=1))
    trl_training.check(config_of(model_folder, **many, accelerate="shared.yaml"))
