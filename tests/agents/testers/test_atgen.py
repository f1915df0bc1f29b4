"""The experiment on the curriculum: what it tells the trainer, what it makes of what it measured."""

import argparse
import json
from dataclasses import replace

import numpy as np
import pytest

from tests.needs import needs

needs("torch")

from agents.curriculum.subruns import make_run
from agents.experiments import atgen
from agents.experiments import atgen_report as report
from agents.runs import write_json
from agents.testers.fields import Field
from agents.testers.measure import RATES, Measuring, Scores, Target


def scores(attacks, tier="hard"):
    targets = tuple(Target("p", "f", f"p-{place}", tier) for place in range(len(attacks)))
    return Scores(targets, {rate: tuple(attacks) for rate in RATES})


def options(*words):
    parser = argparse.ArgumentParser()
    atgen.add_arguments(parser)
    return parser.parse_args(words)


def test_a_difference_is_significant_only_where_the_seeds_and_bugs_agree():
    start = [scores([0.0] * 9 + [0.3])]
    clear = [scores([0.5] * 10), scores([0.6] * 10)]
    found = report.compare_pairs({"start": start, "static": clear, "adaptive": clear}, start[0])
    pairs = {(each["of"], each["against"]) for each in found}
    assert pairs == {("static", "start"), ("adaptive", "start"), ("adaptive", "static")}
    by = {(each["of"], each["against"], each["bugs"], each["rate"]): each for each in found}
    assert by["static", "start", "all", "attack_rate"]["low"] > 0
    assert by["static", "start", "all", "attack_rate"]["times"] == pytest.approx(0.55 / 0.03)
    assert by["adaptive", "static", "all", "attack_rate"]["mean"] == 0
    lines = report._said(found)
    assert sum("not significant" in line for line in lines) == 5  # adaptive against static


def test_a_curve_is_smoothed_over_the_last_steps():
    table = np.array([[0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0]])
    assert report.smoothed(table)[0] == pytest.approx([0, 1 / 2, 2 / 3, 3 / 4, 4 / 5, 1, 4 / 5])


def test_curves_come_from_the_trajectories_and_leave_faults_out(tmp_path):
    records = [
        {"seed": seed, "step": step, "fault": "", "info": {"exposes": exposes, "correct": True}}
        for seed in (0, 1)
        for step in (1, 2)
        for exposes in (True, step == 2)
    ]
    records.append({"seed": 0, "step": 1, "fault": "broken", "info": {}})
    (tmp_path / "trajectories.jsonl").write_text("\n".join(map(json.dumps, records)) + "\n")
    found = report.curves_of(tmp_path)
    assert found["exposes"].tolist() == [[0.5, 1.0], [0.5, 1.0]]
    assert found["correct"].tolist() == [[1.0, 1.0], [1.0, 1.0]]


def test_everything_is_written(tmp_path):
    run = tmp_path / "atgen_static"
    run.mkdir()
    record = {"seed": 0, "step": 1, "fault": "", "info": {"exposes": True, "correct": True}}
    (run / "trajectories.jsonl").write_text(json.dumps(record) + "\n")
    found = {
        "held-out bugs": {"start": [scores([0.1, 0.2])], "split": [scores([0.2, 0.1])], "static": [scores([1, 1])]}
    }
    text = report.write(tmp_path, "command", 8, {"static": run}, found)
    kept = json.loads((tmp_path / "atgen.json").read_text())
    assert kept["fields"]["held-out bugs"]["summary"]["static"]["all"]["attack_rate"]["mean"] == 1.0
    assert kept["curves"]["exposes"] == {"static": [1.0]}
    assert "| static | all | 1.000" in text
    assert (tmp_path / "atgen.md").read_text() == text
    assert (tmp_path / "atgen-exposes.svg").read_text().startswith("<svg")


def test_a_run_that_is_there_is_not_made_again_and_another_one_is_not_taken_for_it(tmp_path):
    words = atgen.words_of("static", options("--steps", "3", "--runs", str(tmp_path)))
    assert words[:2] == ["experiment=atgen_static", "seeds=3"]
    folder = tmp_path / "atgen_static"
    folder.mkdir()
    (folder / "config.yaml").write_text(json.dumps({"told": words}))
    (folder / "summary.json").write_text("{}")
    make_run("atgen_static", folder, words, "--runs")
    other = atgen.words_of("static", options("--steps", "4", "--runs", str(tmp_path)))
    with pytest.raises(ValueError, match="was made with .*agent.steps=3"):
        make_run("atgen_static", folder, other, "--runs")


def test_measuring_without_a_run_says_what_to_do(tmp_path):
    with pytest.raises(ValueError, match="leave out --measure-only"):
        atgen.measuring(tmp_path / "atgen_static", options())


def test_a_policy_is_asked_as_it_was_in_training(tmp_path):
    (tmp_path / "config.yaml").write_text("agent: {style: chat, answer_ids: 7}")
    found = atgen.measuring(tmp_path, options("--samples", "3"))
    assert (found.style, found.answer_ids, found.samples) == ("chat", 7, 3)


def test_what_was_measured_in_another_style_is_measured_anew(tmp_path):
    model = tmp_path / "no-model-here"
    model.mkdir()
    known, field = scores([0.5]), Field("held-out bugs", [], [None])
    how = Measuring(samples=3, style="compact")
    asked = {"policy": str(model), "samples": 3, "ids": how.answer_ids, "style": "compact", "bugs": 1}
    file = tmp_path / "measured" / f"start-{tmp_path.name}-held-out-bugs-0.json"
    write_json(file, {"asked": asked, "scores": known.as_json()})
    assert atgen._once(tmp_path / "start", field, str(model), None, how) == known
    with pytest.raises(ValueError, match="no-model-here"):
        atgen._once(tmp_path / "start", field, str(model), None, replace(how, style="chat"))
