"""What is measured is said as it is: which bugs are held out, which ends are an environment's own."""

from __future__ import annotations

import io
import json

import pytest
from rich.progress import Progress

from agents import report
from agents.display import _columns
from agents.episodes import Start
from agents.runs import RunDirectory
from agents.strategy_run import count_familiar
from agents.train import run_one
from sandbox.terminal import Terminal


def _starts(*problems):
    return [Start(number, number, {"problem": each} if each else {}, number) for number, each in enumerate(problems)]


def test_bugs_of_problems_that_are_learnt_from_are_counted():
    assert count_familiar(_starts("a", "b"), _starts("b", "c", "b")) == 2
    assert count_familiar(_starts("", ""), _starts("", "")) == 0, "of somebody else's nobody knows"


def test_the_table_does_not_call_them_held_out(compose, tmp_path, capsys):
    small = ["agent.episodes=4", "agent.pool=4", "agent.held_out=4", "seeds=1", f"runs={tmp_path}", "name=small"]
    summary = run_one(compose(*small))
    assert summary["held_out"]["of_problems_learnt_from"] == 0
    summary["held_out"]["of_problems_learnt_from"] = 3
    capsys.readouterr()
    with RunDirectory.open(tmp_path / "small") as run:
        report.show(summary, run)
    assert "4 starts, 3 of problems learnt from" in capsys.readouterr().out
    summary["train"]["best_fixed"] = "step_by_step_reasoning"
    for row in summary["held_out"]["choosers"].values():
        row["solve_rate"] = {"mean": 1.0, "low": 1.0, "high": 1.0}
    lines = _drawn(report.table_of(summary))
    assert sum("100.0 [100.0, 100.0]" in line for line in lines) == 5, "figures are whole; a name goes on below"
    assert max(map(len, lines)) <= 80


def _drawn(what):
    out = io.StringIO()
    Terminal(file=out, width=80, force_terminal=True, color_system=None).print(what)
    return out.getvalue().splitlines()


def test_in_a_narrow_terminal_a_bar_shows_whole_counts():
    with Progress(*_columns(80), disable=True) as progress:
        note = "solve rate 0.44  regret -105.7  faults 0"
        progress.add_task("learning, episodes", total=11250, completed=10250, note=note)
        shown = " ".join(_drawn(progress.get_renderable()))
    assert "10250/11250" in shown
    assert " ".join(shown.split()).endswith("faults 0")


def test_a_spent_budget_is_no_time_limit_to_stable_baselines3(compose, monkeypatch):
    """It would add what it thinks that the last observation is worth, as if the episode went on."""
    pytest.importorskip("stable_baselines3")
    from agents.sb3_training.lanes import Lane, Lanes
    from agents.scene import Scene

    with Scene(compose()) as scene:
        lane = Lane(scene.make("train"), lambda number: Start(number, 0, {"bug": 5}))
        lanes = Lanes([lane], scene.settled, lambda episode: None)
        lanes.reset()
        ends = []
        while not ends:
            _, [reward], [done], [info] = lanes.step([9])
            ends += [(reward, info["ended"], info["TimeLimit.truncated"])] if done else []
        assert ends == [(0.0, "attempts", False)]
        assert [each.propensity for each in lane.episode.moves] == [], "a new episode has begun"
        monkeypatch.setattr(lane, "act", _cut_by_a_wrapper)
        [info] = lanes.step([9])[3]
        assert info["TimeLimit.truncated"] is True


def _cut_by_a_wrapper(action):
    yield from ()
    return {}, 0.0, False, True, {}


def test_a_log_of_stable_baselines3_has_no_propensities(compose, tmp_path):
    pytest.importorskip("stable_baselines3")
    small = ["agent=sb3_ppo", "agent.steps=128", "+agent.parameters.n_steps=16", "agent.pool=2", "agent.held_out=2"]
    run_one(compose(*small, "seeds=1", f"runs={tmp_path}", "name=small"))
    lines = (tmp_path / "small" / "trajectories.jsonl").read_text().splitlines()
    steps = [step for line in map(json.loads, lines) if line["phase"] == "train" for step in line["steps"]]
    assert steps
    assert {step["propensity"] for step in steps} == {None}
