"""Settings that nobody can mean are refused before anything is made."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from agents.repair import __main__ as command
from agents.repair.setting_up import check_programs, check_work
from agents.repair.settings import (
    InitialSettings,
    ModelSettings,
    PolicySettings,
    ProblemsSettings,
    RepairSettings,
    check,
)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (RepairSettings(policy=PolicySettings(rex_c=math.nan)), "policy.rex_c=nan: give 0 to 1,000,000"),
        (RepairSettings(policy=PolicySettings(rex_c=math.inf)), "policy.rex_c=inf: give 0 to 1,000,000"),
        (RepairSettings(policy=PolicySettings(rex_c=1e308)), "give 0 to 1,000,000"),
        (RepairSettings(policy=PolicySettings(hints=-1)), "policy.hints=-1: give 0 or more"),
        (RepairSettings(seed=-1), "seed=-1: give 0 or more"),
        (RepairSettings(search_s=math.inf), "search_s=inf: give a number of seconds above 0"),
        (RepairSettings(target=math.nan), "target=nan: give a share above 0"),
    ],
)
def test_numbers_that_no_run_can_use_are_refused(settings, said):
    with pytest.raises(ValueError, match=said):
        check(settings)


def test_more_first_programs_than_one_call_gives_are_refused():
    with pytest.raises(ValueError, match="n: expected a whole number from 1 to 10000, got 20000"):
        check_work(RepairSettings(initial=InitialSettings(n=20_000)))


@pytest.mark.parametrize("model", ["embedded", "simulated-cheap-repairer"])
def test_a_model_that_only_repairs_is_not_asked_to_write(task, model):
    settings = RepairSettings(model=ModelSettings(model), problems=ProblemsSettings(sample=True))
    check_programs(settings, [task])
    with pytest.raises(ValueError, match="problems.sample=true leaves no program; name another model"):
        check_programs(settings, [replace(task, program="")])


def test_where_nothing_isolates_no_run_is_made(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nowhere")
    assert command.main(["sandbox.shell=docker", f"runs={tmp_path / 'runs'}"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("repair: docker: no daemon answers")
    assert not (tmp_path / "runs").exists()
