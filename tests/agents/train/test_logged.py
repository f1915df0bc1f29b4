"""The log of a run says what another policy would have earned, as docs/repair.md shows."""

import re
from pathlib import Path

import numpy as np
import pytest

from agents.bandits import logged
from agents.runs import read_records
from agents.train import run_one

PAGE = (Path(__file__).parents[3] / "docs" / "repair.md").read_text("utf-8")


@pytest.fixture(scope="module")
def run(compose, tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    small = [
        "agent.kind=epsilon_greedy",
        "agent.epsilon=0.5",
        "agent.episodes=150",
        "agent.pool=30",
        "agent.held_out=4",
    ]
    run_one(compose(*small, f"runs={folder}", "name=NAME"))
    return folder / "NAME"


def test_the_log_of_a_run_tells_what_a_fixed_strategy_would_have_earned(run, monkeypatch):
    log = logged(read_records(run))
    actions = np.array([each.arm for each in log])
    assert len(log) > 300
    assert len(set(actions.tolist())) == 10
    [example] = [text for text in re.findall(r"^```python\n(.*?)^```", PAGE, re.S | re.M) if "snips(" in text]
    monkeypatch.chdir(run.parent.parent)
    names: dict = {}
    exec(example.replace("runs/NAME", str(run)), names)
    found = names["always_default"]
    assert found.low <= found.mean <= found.high
    assert found.effective > 5


def test_a_contextual_bandit_leaves_what_it_saw(compose, tmp_path):
    small = ["agent.kind=lints", "agent.episodes=5", "agent.pool=4", "agent.held_out=2", "agent.context=[verdicts]"]
    run_one(compose(*small, "seeds=1", f"runs={tmp_path}", "name=one"))
    log = logged(read_records(tmp_path / "one"))
    assert log
    assert {len(each.context) for each in log} == {len(log[0].context)} != {0}
    assert all(0 < each.propensity <= 1 for each in log)
