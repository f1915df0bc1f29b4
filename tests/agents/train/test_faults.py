"""A fault of the machine is never a score: not of a learner, not of a rule, and not of what is drawn."""

from __future__ import annotations

import pytest

from agents.baselines import Hindsight, hindsight
from agents.held_out import HeldOut
from agents.runs import read_records
from agents.scene import Scene
from agents.train import run_one
from sandbox import SandboxFault
from tests.agents.train.test_board import read
from tests.agents.train.test_measures import episode

FEW = ["agent.episodes=2", "agent.pool=20", "agent.held_out=20", "agent.checkpoint_every=1", "name=few"]


def test_a_fault_of_the_machine_is_counted_and_never_scored(compose, tmp_path, capsys):
    summary = run_one(compose(*FEW, "+env.fault_share=0.05", f"runs={tmp_path}"))
    assert summary["train"]["faults"] == 1
    assert summary["train"]["left_out"] == 20 - summary["train"]["bugs"] > 0
    assert summary["held_out"]["left_out"] > 0
    assert f"{summary['train']['left_out']} starts to learn from and" in capsys.readouterr().out
    faulty = [record for record in read_records(tmp_path / "few") if "fault" in record]
    assert faulty
    assert all(record["steps"][-1]["reward"] is None for record in faulty)


def test_a_seed_that_met_nothing_but_faults_so_far_spoils_no_mean(compose, tmp_path):
    """Here the first episode of the second seed meets a fault."""
    run_one(compose(*FEW, "+env.fault_share=0.05", f"runs={tmp_path}"))
    tb = tmp_path / "few" / "tb"
    mean, first, second = (read(tb / name) for name in ("mean", "seed_0", "seed_1"))
    for tag in ("train/solve_rate", "train/reward", "train/attempts", "regret/best_fixed"):
        assert [point.step for point in second.Scalars(tag)] == [2]
        assert [point.step for point in mean.Scalars(tag)] == [1, 2]
        assert mean.Scalars(tag)[0].value == first.Scalars(tag)[0].value
    assert [point.value for point in mean.Scalars("sandbox/faults")] == [0.5, 0.5]


def of_fixed_strategies(config):
    with Scene(config) as scene:
        pool = scene.draw("train", 30, 0)
        return pool, hindsight(scene, pool, scene.arms)


def test_a_bug_on_which_the_machine_failed_for_one_rule_is_left_out_for_all(compose):
    pool, whole = of_fixed_strategies(compose())
    assert whole.left_out == []
    assert whole.kept(pool) == pool
    same, found = of_fixed_strategies(compose("+env.fault_share=0.02"))
    assert same == pool
    rows = [place for place in range(len(pool)) if place not in found.left_out]
    assert 0 < len(rows) < len(pool)
    assert found.rewards.tolist() == whole.rewards[rows].tolist()
    assert found.ladder == [whole.ladder[row] for row in rows]
    kept = found.kept(pool)
    assert [start.place for start in kept] == list(range(len(rows)))
    assert [start.seed for start in kept] == [pool[row].seed for row in rows]
    assert Hindsight.from_json(found.as_json()).left_out == found.left_out


def test_where_the_machine_always_fails_it_is_said(compose, tmp_path):
    with pytest.raises(SandboxFault, match="failed on every one of 20 bugs to learn from: a worker died"):
        run_one(compose(*FEW, "+env.fault_share=1", f"runs={tmp_path}"))
    played = {"a": [[episode(True), episode(False, fault="no disk")]], "b": [[episode(False, fault="x")] * 2]}
    with pytest.raises(SandboxFault, match="failed on every one of 2 held-out bugs: no disk"):
        HeldOut.of(played)
