"""A slip of the finger gets a guess."""

from __future__ import annotations

import pytest
from omegaconf import OmegaConf

from agents.composed import _whole
from agents.extras import need
from agents.overrides import check_overrides, quoted
from agents.settings import register_schemas


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("env=repiar", "there is no env 'repiar'; did you mean 'repair'?"),
        ("agent=sb3_pppo", "did you mean 'sb3_ppo'?"),
        ("sandbox=dokcer", "did you mean 'docker'?"),
        ("agnet=bandit", "no setting 'agnet'; did you mean 'agent'?"),
        ("agent.kidn=linucb", "did you mean 'agent.kind'?"),
        ("kind=linucb", "did you mean 'agent.kind'?"),
        ("env.max_atempts=3", "did you mean 'env.max_attempts'?"),
        ("seeeds=3", "did you mean 'seeds'?"),
        ("seeds=many", "seeds=many: give a whole number"),
        ("agent.episodes=[1]", "agent.episodes=[1]: give a whole number"),
        ("seeds", "write key=value"),
        ("zzz=1", "choose from env, agent"),
        ("problems=file", "add problems.path=..."),
        ("env=gymnasium", "add env.id=..."),
        ("problems.path=x", "problems.path: problems=suite has no such setting; say problems=file, too"),
        ("agent.groups=2", "agent=bandit has no such setting; say agent=grpo (or ppo, trl_grpo), too"),
        ("problems.validation=x", "problems.validation: was read by nothing; to measure on other problems, "),
        ("agent.context=error", "give a list, such as agent.context=[error]"),
        ("env.repairer=gpt", "env.repairer has settings of its own"),
        ("seeds.x=1", "seeds.x: seeds is no group of settings; set the whole of it with seeds=..."),
        ("env=null", "env=null: there is no env 'null'; choose from"),
        ("+agent.kind=linucb", "there is a setting 'agent.kind'; leave out the +"),
        ("+env=testgen", "something is chosen for env already; leave out the +"),
        ("~agent.kidn", "did you mean 'agent.kind'?"),
        ("hydra.run.dirr=x", "did you mean 'hydra.run.dir'?"),
        ("hydra/launcher=bsic", "there is no hydra/launcher 'bsic'; did you mean 'basic'?"),
        ("env@foo=repair", "env@foo: there is nothing of that name to set"),
        ("agent.kind='a", "agent.kind='a: cannot be read; write key=value"),
        ("=3", "=3: sets nothing"),
        ("--multirn", "--multirn: there is no such option; did you mean '--multirun'?"),
        ("--cfg=jb", "--cfg: 'jb' is nothing to show; choose from job, hydra, all"),
        ("--config-dir", "--config-dir: needs a value"),
        ("seeds=1,many", "seeds=many: give a whole number"),
        ("agent=sb3", "did you mean 'sb3_dqn' or 'sb3_ppo'?"),
        ("env=CartPole-v1", "there is no env 'CartPole-v1'; write env=gymnasium env.id=CartPole-v1"),
        ("--env repair", "--env: there is no such option; write env=repair"),
        ("--agent.kind=exp3", "write agent.kind=exp3"),
        ("--seeds", "write seeds=..."),
        ("env=gymnasium env.id=FrozenLake-v1 env.is_slippery=false", "write +env.is_slippery=false"),
        ("agent=sb3_ppo agent.parameters.gamma=0.5", "write +agent.parameters.gamma=0.5"),
        ("+agent.epsiodes=5", "no setting 'agent.epsiodes'; did you mean 'agent.episodes'?"),
        ("+note=first", "no setting 'note'"),
        ("++problems.nothing=1", "no setting 'problems.nothing'"),
        ("+problems.nonsense=3", "no setting 'problems.nonsense'"),
        ("+sandbox.wokers=3", "did you mean 'sandbox.workers'?"),
    ],
)
def test_what_cannot_be_meant_is_guessed(word, says):
    register_schemas()
    with pytest.raises(ValueError, match=".") as error:
        check_overrides("train", ["-m", *word.split()])
    assert says in str(error.value)


def test_several_values_without_a_sweep_are_told_how_to_become_one():
    register_schemas()
    with pytest.raises(ValueError, match=r"env=repair,testgen: is more than one value; add -m to make a run for each"):
        check_overrides("train", ["env=repair,testgen"])


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--help"],
        ["--cfg", "job"],
        ["--res", "--info", "--", "seed=1"],
        ["env=repair", "agent=sb3_dqn", "agent.steps=10"],
        ["-m", "agent=bandit,sb3_ppo", "seeds=1,2"],
        ["-m", "agent.kind=linucb,thompson"],
        ["-m", "agent=sb3_dqn,sb3_ppo", "agent.steps=10", "seeds=range(1,3)", "problems.train='a b',[c]"],
        ["env=gymnasium", "env.id=a:B-v0", "+env.size=3"],
        ["problems=file", "problems.path=F.jsonl"],
        ["problems=file", "problems.train=F.jsonl", "problems.test=G.jsonl"],
        ["problems=file", "--help"],
        ["sandbox.workers=3", "agent.alpha=0.5", "problems.train=[sum_even,max_gap]"],
        ["resume=runs/x"],
        ["+agent.parameters.gamma=0.5", "agent=sb3_ppo"],
        ["agent=trl_grpo", "+agent.trl.loss_type=dr_grpo", "+agent.trl.beta=0.1", "+agent.model.attention=sdpa"],
        ["+env.repairer.model.name=vllm/x"],
        ["+hydra.job.note=x"],
        ["hydra.sweep.dir=/tmp/x"],
        ["hydra.mode=MULTIRUN", "seeds=1,2"],
    ],
)
def test_what_can_be_meant_passes(words):
    register_schemas()
    check_overrides("train", words)


def test_a_data_set_and_its_path_can_be_written_as_they_are():
    from hydra import compose, initialize_config_module

    register_schemas()
    words = quoted(["problems=file", "problems.path=atgen=data/train.parquet", "env.max_attempts=3", "runs=a/b=c"])
    assert words[1:3] == ["problems.path='atgen=data/train.parquet'", "env.max_attempts=3"]
    assert quoted(words) == words
    check_overrides("train", words[:3])
    with initialize_config_module("configs", version_base="1.3"):
        assert compose("train", words[:3]).problems.train == "atgen=data/train.parquet"


def test_a_value_that_is_missing_or_refers_to_nothing_is_one_line():
    made = OmegaConf.create(
        {"env": {"id": "???"}, "problems": {"path": "???", "test": "${.path}"}, "runs": "${nowhere}"}
    )
    for key, says in (
        ("env", r"env\.id has no default; add env\.id=\.\.\."),
        ("problems", r"problems\.path has no default; add problems\.path=\.\.\."),
        ("runs", "runs: Interpolation key 'nowhere' not found"),
    ):
        with pytest.raises(ValueError, match=f"^{says}$"):
            _whole(OmegaConf.masked_copy(made, [key]))


def test_a_missing_package_is_named_with_the_command_that_helps():
    with pytest.raises(ValueError, match=r"agent=x needs no_such_package; .*pip install '\.\[sb3\]'"):
        need("no_such_package", "sb3", "agent=x")
