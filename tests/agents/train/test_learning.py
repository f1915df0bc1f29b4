"""What the main command learns, in a small world where it is known what can be learnt."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np
import pytest

from agents.episodes import Start
from agents.run_files import unknown_files
from agents.runs import RunDirectory, read_records
from agents.scene import Scene, check_writing
from agents.train import _environment, run_one
from sandbox.ending import ended
from tests.agents.train.test_board import read

OURS = "env.id=Repair-Strategy-v0"
BANDIT = [
    "agent.context=[verdicts,code]",
    "agent.episodes=120",
    "agent.pool=40",
    "agent.held_out=20",
    "agent.alpha=0.1",
    "agent.checkpoint_every=40",
]


@pytest.fixture(scope="module")
def finished(compose, tmp_path_factory):
    """A run that is over."""
    config = compose(*BANDIT, "seeds=3", f"runs={tmp_path_factory.mktemp('runs')}", "name=one")
    return run_one(config), Path(config.runs) / "one"


def test_a_contextual_bandit_beats_every_rule_on_held_out_bugs(finished):
    rows = finished[0]["held_out"]["choosers"]
    trained = rows["bandit"]["solve_rate"]["mean"]
    assert trained > 0.75
    for rule in ("random", "round_robin", "best_fixed", "hint_ladder"):
        assert rows[rule]["solve_rate"]["mean"] < trained - 0.1, rule
    assert finished[0]["held_out"]["gains"]["random"]["low"] > 0


def test_its_regret_falls_below_the_best_fixed_strategy_and_the_summary_says_when(finished):
    learnt = finished[0]["train"]["regret"]
    assert np.mean(learnt["last"]) < 0
    assert 1 < learnt["crossover_of_mean"]["episode"] < 120
    assert learnt["crossover_of_mean"]["pulls"] >= learnt["crossover_of_mean"]["episode"]


def test_more_attempts_solve_more(finished):
    for row in finished[0]["held_out"]["choosers"].values():
        within = row["solved_within"]
        assert within == sorted(within)
        assert within[-1] == pytest.approx(row["solve_rate"]["mean"])


def test_every_episode_is_in_the_trajectories(finished):
    records = read_records(finished[1])
    train = [record for record in records if record["phase"] == "train"]
    assert len(train) == 3 * 120
    assert [record["episode"] for record in train if record["learner"] == 1] == list(range(120))
    tested = {record["agent"] for record in records if record["phase"] == "test"}
    assert tested == {"bandit", "random", "round_robin", "best_fixed", "hint_ladder"}
    step = train[0]["steps"][0]
    assert step.keys() == {"action", "propensity", "exact", "reward", "parts", "context"}
    assert 0 < step["propensity"] <= 1


def test_the_run_directory_is_complete(finished):
    names = {path.name for path in finished[1].iterdir()}
    assert {"config.yaml", "versions.json", "timing.json", "README.md", "summary.json", "trajectories.jsonl"} <= names
    assert {"checkpoints", "tb", "hindsight.json", "bugs_train.json", "bugs_test.json"} <= names
    assert unknown_files(finished[1]) == []


def test_the_curves_are_there(finished):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    found = EventAccumulator(str(finished[1] / "tb" / "mean"))
    found.Reload()
    tags = set(found.Tags()["scalars"])
    assert {"train/solve_rate", "train/parts/delta", "regret/best_fixed", "sandbox/faults"} <= tags
    assert {"arms/arm_3/pulls", "arms/arm_3/mean", "arms/arm_3/low"} <= tags
    assert {"sandbox/answer_p95_ms", "cost/usd", "test/bandit/mean", "test/random/high"} <= tags
    assert "regret/picture" in found.Tags()["images"]
    assert b"| attempt | strategy |" in found.Tensors("episodes/latest")[0].tensor_proto.string_val[0]
    assert (finished[1] / "tb" / "seed_2").is_dir()


def test_the_same_seeds_give_the_same_numbers(finished, compose, tmp_path):
    again = run_one(compose(*BANDIT, "seeds=3", f"runs={tmp_path}"))
    assert again == finished[0]


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("agent.kind=linucbb", "did you mean 'linucb'"),
        ("agent.epsilon=0.5", "'epsilon' is not a setting of it"),
        ("seeds=0", "seeds=0: give 1 or more"),
        ("agent.pool=0", "pool=0: give 1 or more"),
        ("agent.checkpoint_every=0", "agent.checkpoint_every=0: give 1 or more"),
        ("agent.hints=-1", "agent.hints=-1: give 0 or more"),
        ("agent.context=[foo]", "has no field 'foo'"),
        ("agent.kind=thompson agent.context=[error]", r"context=\['error'\]: agent.kind=thompson sees no context"),
        ("+env.foo=1", "cannot be made: .*unexpected keyword argument 'foo'"),
        ("env.id=CartPoole-v1 ~env.max_attempts", "Did you mean: `CartPole`"),
        ("env.id=CartPole-v1 ~env.max_attempts agent.hints=1", "hints go by the verdicts"),
        (f"{OURS} +env.reward=nonsense", "reward: 'nonsense'; choose from"),
        (f"{OURS} +env.slips=7", "slips: 7 is not a share"),
        (f"{OURS} env.max_attempts=0", "max_attempts: 0"),
        (f"{OURS} problems.test=nosuch", "'nosuch' is no split"),
        (f"{OURS} sandbox.workers=0", "sandbox.workers=0: give 1 or more"),
        ("env.id=TestGen-v0 ~env.max_attempts", "needs Discrete actions from 0 on, and these are UnicodeText"),
        ("agent=grpo", "acts with text, and the actions there are Discrete"),
        ("agent=sb3_ppo agent.checkpoint_every=0", "checkpoint_every=0: give 1 or more"),
        ("agent=sb3_ppo +agent.parameters.gama=1", "PPO has no such parameter; did you mean 'gamma'"),
        ("agent=sb3_ppo +agent.parameters.n_steps=-1", "n_steps=-1: give a number from 1 on"),
        ("agent=sb3_dqn +agent.parameters.gamma=nan", "gamma=nan: give a finite number"),
        ("agent=sb3_dqn +agent.parameters.batch_size=0", "batch_size=0: give a number from 1 on"),
        ("agent=sb3_dqn seed=5000000000", "seed=5000000000: give one from 0 on"),
        ("agent.kind=linucb agent.ridge=1e-17", "ridge: expected a strength from 1e-06 on"),
        ("agent=sb3_dqn +agent.parameters.device=cpu", "DQN refuses them: .*multiple values .* 'device'$"),
    ],
)
def test_what_cannot_work_is_said_before_anything_is_made(compose, tmp_path, word, says):
    if "sb3" in word:
        pytest.importorskip("stable_baselines3")
    with pytest.raises(ValueError, match=says):
        run_one(compose(*word.split(), f"runs={tmp_path}"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        "env=testgen_adversarial env.id=TestGen-Adversarial-v0 ~env.max_attempts",
        "env=codegen_adversarial env.id=CodeGen-Adversarial-v0 ~env.max_attempts",
    ],
)
def test_an_environment_that_acts_with_text_is_for_agents_that_write(words, compose):
    check_writing(compose(*words.split()))


@pytest.mark.parametrize(
    "agent", [["agent.episodes=6"], ["agent=sb3_ppo", "agent.steps=32", "+agent.parameters.n_steps=16"]]
)
def test_somebody_elses_environment_is_learnt_without_verdicts(agent, compose, tmp_path, capsys):
    if "agent=sb3_ppo" in agent:
        pytest.importorskip("stable_baselines3")
    small = ["agent.pool=2", "agent.held_out=2", "seeds=1", f"runs={tmp_path}"]
    summary = run_one(compose("env.id=CartPole-v1", "~env.max_attempts", *agent, *small))
    held_out = summary["held_out"]
    rules = held_out["choosers"].keys() - {"bandit", "PPO"}
    assert rules == {"random", "round_robin", "best_fixed"}, "the hint ladder would do what round-robin does"
    assert held_out["budget"] is None
    said = capsys.readouterr()
    assert "2 held-out starts, 1 seed" in said.out
    [run] = tmp_path.iterdir()
    assert json.loads((run / "summary.json").read_text())["train"]["best_fixed"].startswith("arm_")
    assert unknown_files(run) == []
    _is_compared_by_return(summary, run)
    assert "CartPole-v1 reports no `solved`: compared by return\n" in said.out
    assert ("agent.steps=32 became 128" in said.err) is ("agent=sb3_ppo" in agent)
    assert run_one(compose(f"resume={run}")) == summary, "what was measured says what it is compared by"


def _is_compared_by_return(summary, run):
    """There each step earns 1, and no episode says whether anything is solved."""
    for row in summary["held_out"]["choosers"].values():
        assert row["mean_return"]["mean"] == row["mean_attempts"] > 5
        assert "solve_rate" not in row
    assert "regret" not in summary["train"]
    assert min(summary["train"].get("fixed", {"": 6}).values()) > 5, "no first moves, but whole episodes"
    assert all(record["solved"] is None for record in read_records(run))
    assert not any("solve" in tag or "regret" in tag for board in (run / "tb").iterdir() for tag in curves(board))


def test_what_came_out_is_written_though_nobody_reads_it(compose, tmp_path):
    small = ["agent.episodes=6", "agent.pool=2", "agent.held_out=2", "seeds=1", f"runs={tmp_path}", "name=unread"]
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", encoding="utf-8") as out, redirect_stdout(out):
        assert ended("train", lambda: len(run_one(compose("env.id=CartPole-v1", "~env.max_attempts", *small)))) == 141
    assert json.loads((tmp_path / "unread" / "summary.json").read_text("utf-8"))["held_out"]["bugs"] == 2


def test_a_run_is_named_after_its_environment():
    assert _environment("Repair-Strategy-v0", "repair") == "repair"
    assert _environment("stand_in:StandIn-Repair-v0", "gymnasium") == "StandIn-Repair-v0"
    assert _environment("ALE/Pong-v5", "gymnasium") == "ALE-Pong-v5"


def as_it_stood(run, step, copy):
    """A copy of a finished run as a power cut after this checkpoint would have left it."""
    shutil.copytree(run, copy)
    (copy / "summary.json").unlink()
    shutil.rmtree(copy / "models", ignore_errors=True)
    for held_out in (copy / "measured").glob("test_*"):
        held_out.unlink()
    for later in sorted((copy / "checkpoints").glob("step-*.json"))[step:]:
        later.unlink()
    return copy


def curves(folder):
    """The points of every curve that does not show times."""
    board = read(folder)
    names = [name for name in board.Tags()["scalars"] if not name.startswith("sandbox/answer")]
    return {name: [(point.step, point.value) for point in board.Scalars(name)] for name in names}


def test_a_run_goes_on_from_any_of_its_checkpoints_bit_for_bit(finished, compose, tmp_path):
    summary, run = finished
    copy = as_it_stood(run, 1, tmp_path / "copy")
    assert run_one(compose(f"resume={copy}")) == summary
    assert (copy / "trajectories.jsonl").read_bytes() == (run / "trajectories.jsonl").read_bytes()
    for board in ("mean", "seed_0"):
        assert curves(copy / "tb" / board) == curves(run / "tb" / board)


def test_what_was_measured_before_a_power_cut_is_not_measured_again_and_the_rest_is(finished, compose, tmp_path):
    """Pieces of the fixed strategies and of the held-out bugs were there, and others were not."""
    summary, run = finished
    copy = shutil.copytree(run, tmp_path / "copy")
    pieces = sorted((copy / "measured").iterdir())
    assert {"first_3.json", "first_hint_ladder.json", "test_bandit_1.json", "test_random_2.json"} < {
        each.name for each in pieces
    }
    lost, kept = pieces[::3], set(pieces) - set(pieces[::3])
    for each in (*lost, copy / "summary.json", copy / "hindsight.json"):
        each.unlink()
    lost[0].write_text('{"episodes": [', "utf-8")  # damaged
    written = {each: each.stat().st_mtime_ns for each in kept}
    assert run_one(compose(f"resume={copy}")) == summary
    assert {each: each.stat().st_mtime_ns for each in kept} == written
    for name in ("trajectories.jsonl", "hindsight.json", *(f"measured/{each.name}" for each in pieces)):
        assert (copy / name).read_bytes() == (run / name).read_bytes(), name


def test_what_is_no_run_of_training_is_not_gone_on_with(compose, tmp_path):
    RunDirectory.create(tmp_path / "other", {"attempts": 3}).close()
    with pytest.raises(ValueError, match=r"other: is no run of agents\.train"):
        run_one(compose(f"resume={tmp_path / 'other'}"))


def test_a_fault_that_was_overcome_is_counted_after_a_resume_too(compose, stand_in):
    pytest.importorskip("stable_baselines3")
    from agents.sb3_training.lanes import Lane, Lanes

    def lanes(stumbles_at):
        lane = Lane(stand_in.StandIn(stumbles_at=stumbles_at), lambda number: Start(number, number))
        return Lanes([lane], Scene(compose()).settled, lambda episode: None)

    first, second = lanes(stumbles_at=1), lanes(stumbles_at=0)
    first.reset()
    first.step(np.array([9]))
    second.restore(first.state())
    assert second.lanes[0].faults == first.lanes[0].faults == 1
    assert second.lanes[0].actions == first.lanes[0].actions


@pytest.mark.parametrize(("agent", "parameters"), [("sb3_ppo", "n_steps=32"), ("sb3_dqn", "learning_starts=100")])
def test_algorithms_of_stable_baselines3_train_on_it_and_go_on_bit_for_bit(agent, parameters, compose, tmp_path):
    pytest.importorskip("stable_baselines3")
    words = [f"agent={agent}", "agent.steps=600", "agent.checkpoint_every=200", "agent.pool=20", "agent.held_out=3"]
    words += ["+env.stumbles_at=45"]  # so many steps are made in learning, and not in measuring
    whole = compose(*words, f"+agent.parameters.{parameters}", "seeds=1", f"runs={tmp_path}", "name=whole")
    summary = run_one(whole)
    assert summary["held_out"]["choosers"].keys() > {"random", "round_robin"}
    assert summary["held_out"]["left_out"] == 0
    assert summary["train"]["faults"] == 8, "once in each of the environments"
    assert summary["train"]["steps"] == {"sb3_ppo": 768, "sb3_dqn": 608}[agent], "whole rollouts"
    copy = as_it_stood(tmp_path / "whole", 1, tmp_path / "copy")
    assert run_one(compose(f"resume={copy}")) == summary
    assert (copy / "trajectories.jsonl").read_bytes() == (tmp_path / "whole" / "trajectories.jsonl").read_bytes()
    whole_curves = curves(tmp_path / "whole" / "tb" / "seed_0")
    assert any(name.startswith("train/") for name in whole_curves)
    assert curves(copy / "tb" / "seed_0") == whole_curves
