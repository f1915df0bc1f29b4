"""Ctrl-C, and a reader that has gone, end a command quietly, with the status that a shell expects."""

from __future__ import annotations

import os
import sys
from contextlib import redirect_stdout

import pytest

from agents import evaluate, train
from agents.compare import __main__ as compare
from agents.composed import run_jobs
from agents.repair import __main__ as repair
from agents.settings import register_schemas
from agents.testers import filter as best_of
from agents.testers import policies
from agents.testgen import __main__ as testgen
from agents.testgen import table


@pytest.mark.parametrize(
    ("command", "begins"),
    [
        (compare, compare.read_side),
        (evaluate, evaluate.run),
        (best_of, policies.policies_of),
        (testgen, testgen.find_problems),
        (table, table.find_problems),
    ],
)
def test_an_interruption_is_a_status_and_no_traceback(command, begins, capsys):
    def press(frame, event, _):
        if event == "call" and frame.f_code is begins.__code__:
            sys.setprofile(None)
            raise KeyboardInterrupt

    before = sys.getprofile()
    sys.setprofile(press)
    try:
        assert command.main(["tiny"]) == 130
    finally:
        sys.setprofile(before)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("command", [train, repair])
def test_a_reader_that_has_gone_is_a_status_and_no_message(command, capsys):
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", encoding="utf-8") as out, redirect_stdout(out):
        assert command.main(["--help"]) == 141
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(("error", "begun", "status"), [(ValueError("bad"), 2, 2), (KeyboardInterrupt(), 1, 130)])
def test_a_mistake_ends_one_job_of_a_sweep_and_an_interruption_all(error, begun, status, tmp_path):
    seen = []

    def job(config) -> int:
        seen.append(config.seed)
        raise error

    register_schemas()
    assert run_jobs("train", ["-m", "seed=0,1", f"hydra.sweep.dir={tmp_path}"], job) == status
    assert seen == [0, 1][:begun]
