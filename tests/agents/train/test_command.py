"""The main command as a user runs it: killed, resumed, asked for help, swept."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
WORLD = ["env=gymnasium", "env.id=stand_in:StandIn-Repair-v0", "+env.max_attempts=3"]
SMALL = [
    "seeds=2",
    "agent.episodes=30",
    "agent.pool=8",
    "agent.held_out=6",
    "agent.checkpoint_every=5",
    "agent.kind=linucb",
]


def start(folder, *words):
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{HERE}", "PYTHONWARNINGS": "error"}
    command = [sys.executable, "-m", "agents.train", *words]
    return subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def run(folder, *words):
    process = start(folder, *words)
    out, error = process.communicate(timeout=100)
    return process.returncode, out, error


def test_killed_without_warning_and_resumed_it_gives_the_same_numbers(tmp_path):
    """The same command, once undisturbed and once killed (-9) in the middle of learning and resumed."""
    slow = "+env.slow_s=0.004"
    code, out, error = run(tmp_path, *WORLD, slow, *SMALL, "name=whole")
    assert code == 0, error
    assert "held-out starts, at most 3 attempts, 2 seeds" in out
    assert "tensorboard --logdir runs/whole" in out

    process = start(tmp_path, *WORLD, slow, *SMALL, "name=killed")
    killed = tmp_path / "runs" / "killed"
    while process.poll() is None and len(list(killed.glob("checkpoints/step-*0.json"))) < 2:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert not (killed / "summary.json").exists()

    code, _, error = run(tmp_path, *WORLD, slow, *SMALL, "name=killed", "resume=runs/killed")
    assert code == 0, error
    for name in ("summary.json", "trajectories.jsonl", "hindsight.json"):
        assert (killed / name).read_bytes() == (tmp_path / "runs" / "whole" / name).read_bytes(), name


def test_an_unknown_setting_is_one_sentence_and_leaves_nothing_behind(tmp_path):
    code, out, error = run(tmp_path, "env=repiar")
    assert (code, out) == (2, "")
    assert error == "train: env=repiar: there is no env 'repiar'; did you mean 'repair'?\n"
    assert list(tmp_path.iterdir()) == []


def test_resuming_with_other_settings_is_refused(tmp_path):
    (tmp_path / "runs" / "x").mkdir(parents=True)
    (tmp_path / "runs" / "x" / "config.yaml").write_text("told: [seeds=2]\n")
    code, _, error = run(tmp_path, "resume=runs/x", "seeds=2", "agent.kind=exp3")
    assert code == 2
    assert "that run was not started with agent.kind=exp3" in error


def test_a_sweep_makes_a_run_for_each_value(tmp_path):
    tiny = ["seeds=1", "agent.episodes=10", "agent.pool=5", "agent.held_out=4"]
    code, _, error = run(tmp_path, "-m", *WORLD, *tiny, "agent.kind=linucb,thompson")
    assert code == 0, error
    found = sorted(tmp_path.glob("runs/sweep_*/*/summary.json"))
    assert [json.loads(path.read_text())["agent"]["kind"] for path in found] == ["linucb", "thompson"]


@pytest.mark.parametrize(("flag", "says"), [("--help", "Choose from each group"), ("--cfg=job", "max_attempts: 4")])
def test_it_says_what_can_be_set(tmp_path, flag, says):
    code, out, error = run(tmp_path, *flag.split("="))
    assert code == 0, error
    assert says in out
    assert "agents.bandit_training" in out
    assert list(tmp_path.iterdir()) == []
