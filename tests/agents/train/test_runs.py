"""The run directory: complete, whole, and able to go on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import chdir
from pathlib import Path
from threading import Barrier

import pytest

from agents.runs import KEPT, RunDirectory, read_records, read_run

CONFIG = {"env": {"id": "X-v0"}, "rate": 1e-05, "seeds": 2, "name": "ünïcode"}


@pytest.fixture
def run(tmp_path):
    with RunDirectory.create(tmp_path / "one", CONFIG, ["python", "-m", "agents.train"], "Of a test.") as run:
        yield run


def test_a_run_says_what_it_is(run):
    assert RunDirectory.__doc__
    readme = (run.path / "README.md").read_text()
    assert "Of a test." in readme
    assert "python -m agents.train" in readme
    assert f"resume={run.path}" in readme
    versions = json.loads((run.path / "versions.json").read_text())
    assert {"python", "numpy", "gymnasium", "cpus"} <= versions.keys()


def test_the_config_comes_back_as_it_was(run):
    run.close()
    with RunDirectory.open(run.path) as again:
        assert again.config == CONFIG


def test_a_second_run_of_the_same_name_gets_its_own_folder(run, tmp_path):
    with RunDirectory.create(tmp_path / "one", CONFIG) as other:
        assert other.path == tmp_path / "one-2"


def test_runs_that_are_made_at_the_same_time_have_a_folder_each(tmp_path):
    (tmp_path / "run").mkdir()  # an empty folder may be taken, by one of them
    ready = Barrier(6)

    def make(number):
        ready.wait()
        return RunDirectory.create(tmp_path / "run", CONFIG | {"number": number})

    with ThreadPoolExecutor(6) as pool:
        runs = list(pool.map(make, range(6)))
    assert len({run.path for run in runs}) == 6
    for number, run in enumerate(runs):
        run.close()
        assert read_run(run.path, "run") == (CONFIG | {"number": number}, {})


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "notes").touch()
    (tmp_path / "one-2").touch()
    with RunDirectory.create(tmp_path / "one", CONFIG) as run:
        assert run.path == tmp_path / "one-3"
    assert [path.name for path in (tmp_path / "one").iterdir()] == ["notes"]


def test_a_run_is_read_while_another_process_writes_to_it_and_nothing_is_made(run):
    for step in (1, 2):
        run.checkpoint(step, {"cursor": step})
    (run.path / "checkpoints" / "step-000000002.json").write_text('{"step": 2, "state"')
    before = sorted(run.path.rglob("*"))
    assert read_run(run.path, "resume") == (CONFIG, {"cursor": 1})
    assert sorted(run.path.rglob("*")) == before


def test_what_was_logged_after_the_checkpoint_is_forgotten_on_resuming(run):
    run.log({"kind": "episode", "n": 1})
    run.checkpoint(1, {"cursor": 1})
    run.log({"kind": "episode", "n": 2})
    run.close()
    with RunDirectory.open(run.path) as again:
        assert again.latest() == (1, {"cursor": 1})
        again.log({"kind": "episode", "n": 3})
    assert [record["n"] for record in read_records(run.path)] == [1, 3]
    assert {record["schema"] for record in read_records(run.path)} == {1}


def test_a_damaged_checkpoint_gives_way_to_the_one_before(run):
    for step in (1, 2):
        run.log({"n": step})
        run.checkpoint(step, {"cursor": step})
    (run.path / "checkpoints" / "step-000000002.json").write_text('{"step": 2, "state"')
    run.close()
    with RunDirectory.open(run.path) as again:
        assert again.latest() == (1, {"cursor": 1})
    assert len(read_records(run.path)) == 1


def test_trajectories_shorter_than_a_checkpoint_says_damage_it(run):
    for step in (1, 2):
        run.log({"n": step})
        run.checkpoint(step, {"cursor": step})
    run.close()
    log = run.path / "trajectories.jsonl"
    with log.open("ab") as file:
        file.truncate(log.stat().st_size - 1)
    with RunDirectory.open(run.path) as again:
        assert again.latest() == (1, {"cursor": 1})
    assert [record["n"] for record in read_records(run.path)] == [1]
    log.unlink()
    with RunDirectory.open(run.path) as again, pytest.raises(ValueError, match=r"jsonl: is shorter .* put the files"):
        again.latest()
    assert log.read_bytes() == b""


@pytest.mark.parametrize("text", ["{}", "[1]", '{"step": 2, "state": {}}'])
def test_a_checkpoint_without_its_fields_is_damaged(run, text):
    run.checkpoint(1, {"cursor": 1})
    (run.path / "checkpoints" / "step-000000002.json").write_text(text)
    assert run.latest() == (1, {"cursor": 1})


@pytest.mark.parametrize("text", ["a: [", "- a\n- b\n", "5", "\x00"])
def test_a_configuration_that_is_none_is_named(run, text):
    run.close()
    (run.path / "config.yaml").write_text(text)
    with pytest.raises(ValueError, match=r"one/config\.yaml: (cannot be read|holds no settings)"):
        RunDirectory.open(run.path)


def test_a_run_without_checkpoint_starts_from_nothing(run):
    run.log({"n": 1})
    assert run.latest() is None
    run.close()
    assert read_records(run.path) == []


def test_only_the_last_checkpoints_stay(run):
    for step in range(1, KEPT + 4):
        run.checkpoint(step, {})
    assert len(list((run.path / "checkpoints").iterdir())) == KEPT


def test_a_full_disk_leaves_the_last_checkpoint_whole(run):
    """A value that cannot be written stands in for a disk that is full: the file before stays, and no scrap is left."""
    run.checkpoint(1, {"cursor": 1})
    with pytest.raises(ValueError, match="JSON"):
        run.checkpoint(1, {"cursor": float("nan")})
    assert run.latest() == (1, {"cursor": 1})
    assert [path.name for path in (run.path / "checkpoints").iterdir()] == ["step-000000001.json"]


def test_two_processes_never_write_to_one_run(run):
    code = f"from agents.runs import RunDirectory; RunDirectory.open({str(run.path)!r})"
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, env={**os.environ, "PYTHONPATH": str(Path.cwd())}
    )
    assert "another process is writing to this run" in done.stderr


def test_a_run_that_is_not_there_is_guessed(run, tmp_path):
    with pytest.raises(ValueError, match=r"no run there .*did you mean .*one"):
        RunDirectory.open(tmp_path / "onne")
    (tmp_path / "runs").mkdir()
    (tmp_path / "one").rename(tmp_path / "runs" / "icc")
    with chdir(tmp_path), pytest.raises(ValueError, match=r"^resume=icc: .*did you mean runs/icc\?$"):
        RunDirectory.open("icc")


def test_a_line_cut_short_by_a_sudden_death_is_left_out(run):
    run.log({"n": 1})
    run.close()
    with (run.path / "trajectories.jsonl").open("ab") as file:
        file.write(b'{"schema": 1, "n"')
    assert [record["n"] for record in read_records(run.path)] == [1]


def test_records_of_another_version_are_refused(run):
    run.close()
    (run.path / "trajectories.jsonl").write_text('{"schema": 99}\n')
    with pytest.raises(ValueError, match="schema 99; this version reads schema 1"):
        read_records(run.path)


@pytest.mark.parametrize("line", ["{}", "[1]", "5", "\x00\x00{}", '{"schema"'])
def test_a_line_that_is_no_record_is_named(run, line):
    run.log({"n": 1})
    run.close()
    with (run.path / "trajectories.jsonl").open("a") as file:
        file.write(f"{line}\n")
    with pytest.raises(ValueError, match=r"trajectories\.jsonl, line 2: is damaged"):
        read_records(run.path)


def test_the_summary_is_there_only_at_the_end(run):
    assert run.summary is None
    run.finish({"solved": 3}, 1.5)
    assert run.summary == {"solved": 3}
    assert json.loads((run.path / "timing.json").read_text())["seconds"] == 1.5
