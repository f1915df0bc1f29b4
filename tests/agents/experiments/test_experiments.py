"""What an experiment says of itself: the command that made it, and how sure its figures are."""

from __future__ import annotations

import argparse
import importlib
import json
import shlex
from dataclasses import replace

import numpy as np
import pytest

from agents.experiments.__main__ import EXPERIMENTS, main
from agents.experiments.command import command
from agents.experiments.e3_measured import Outcomes, check_families
from agents.experiments.e7 import Point, _json, _table
from agents.statistics import over_seeds_and_items

ASKED = {
    "e3": "--rounds 50 --shell bubblewrap --simulated-only",
    "e7": "--bugs 3",
    "atgen": "--variants static ppo --model 'my model' --runs elsewhere --seen-only --set agent.steps=3 'env.tiers=[a, b]'",
}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_recorded_command_asks_for_what_was_asked_for(name):
    experiment = importlib.import_module(EXPERIMENTS[name])
    parser = argparse.ArgumentParser()
    experiment.add_arguments(parser)
    asked = parser.parse_args(shlex.split(ASKED[name]))
    recorded = shlex.split(command(name, experiment.add_arguments, asked))
    assert recorded[:4] == ["python", "-m", "agents.experiments", name]
    assert parser.parse_args(recorded[4:]) == asked
    usual = command(name, experiment.add_arguments, parser.parse_args([]))
    assert usual == f"python -m agents.experiments {name}"


def test_the_command_stands_beside_the_result(tmp_path, capsys):
    words = ["e3", "--seeds", "1", "--rounds", "100", "--simulated-only"]
    assert main([*words, "--out", str(tmp_path)]) == 0
    recorded = json.loads((tmp_path / "e3.json").read_text("utf-8"))["command"]
    assert recorded == f"python -m agents.experiments {' '.join(words)}"
    assert recorded in capsys.readouterr().out


@pytest.mark.parametrize(
    "words", ["e3 --seeds 0", "e3 --rounds 0", "e3 --bugs 0", "e7 --bugs 0", "e7 --seeds 0", "atgen --steps 0"]
)
def test_an_experiment_of_nothing_is_refused(words, capsys):
    with pytest.raises(SystemExit):
        main(words.split())
    assert f"argument {words.split()[1]}: 0; give a whole number, 1 or more" in capsys.readouterr().err


def test_bugs_of_one_family_are_too_few_to_learn_on_others():
    alone = Outcomes(np.zeros((2, 1)), [], {}, ["mountains", "mountains"])
    with pytest.raises(ValueError, match="--bugs: .*two families are needed"):
        check_families(alone)
    check_families(replace(alone, families=["mountains", "cuts"]))


def test_bugs_on_which_all_seeds_agree_are_not_counted_once_a_seed():
    """Twenty seeds that say the same of four bugs are four bugs' worth of knowledge."""
    solved, cost = np.tile([1.0, 0.0, 1.0, 0.0], (20, 1)), np.ones((20, 4))
    point = Point("cheap", "cheap", 1, solved, cost, cost)
    found = _json(point)["solved"]
    assert (found["mean"], found["low"], found["high"]) == (0.5, 0.0, 1.0)
    assert str(over_seeds_and_items(solved)) in _table([point])
