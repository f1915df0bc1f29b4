"""What a run says of each program, and in which files."""

import json
import subprocess
from pathlib import Path

from rich.console import Console

from agents.compare.__main__ import main as compare
from agents.repair.results import summarised, table_of
from agents.repair.saving import file_names
from agents.repair.setting_up import names_of
from agents.repair.settings import ModelSettings, RepairSettings
from agents.run_files import FIRST, MORE, unknown_files
from envs.sources import find_problems

ROOT = Path(__file__).parents[3]


def test_a_folder_is_repaired_offline_and_everything_says_what_judged(programs, tmp_path, command, capsys):
    folder = tmp_path / "mine"
    folder.mkdir()
    programs.rename(folder / programs.name)
    (folder / "few.toml").write_text('cases = [{input = "1\\n", output = "2\\n"}]')
    (folder / "few.py").write_text("print(int(input()) + 2)")
    status = command(f"problems.path={folder}", f"runs={tmp_path}", "name=run", "search_s=3")
    assert status == 0
    said, run = capsys.readouterr(), tmp_path / "run"
    check_summary(json.loads((run / "summary.json").read_text()), said.out)
    assert said.err.count("Using embedded; no tests are generated") == 1  # the embedded tester needs references
    check_files(run, folder, said.out)
    check_comparison(run, tmp_path / "page.html", capsys)


def check_summary(found, said):
    rows = {row["id"]: row for row in found["problems"]}
    assert rows["next"]["solved"] is True
    assert rows["next"]["hidden"] == [4, 4]
    assert (rows["few"]["solved"], rows["few"]["judged_by"], rows["few"]["tests"]) == (None, "tests", [1, 1])
    assert "hidden" not in rows["few"]
    assert (found["total"], found["passing"], found["without_hidden"]) == (4, 1, 1)
    assert (found["model"], found["test_model"]) == ("embedded", "")
    assert {"solved", "total", "overfitted", "faults", "cost_usd"} <= set(found)
    assert {"id", "solved", "attempts", "seconds"} <= set(rows["odd"])
    assert f"solved {found['solved']}/4" in said
    assert "1 more passes its 1 test; no hidden cases to judge by" in said
    assert "1/1 tests" in said
    assert rows["odd"]["remarks"] == ["case 1 of 3 shown: g(0) returned 0, expected 13 (exact)"]
    assert f"odd: {rows['odd']['remarks'][0]}\nsolved" in said


def check_files(run, folder, said):
    rows = {row["id"]: row for row in map(json.loads, (run / "repaired.jsonl").read_text().splitlines())}
    assert list(rows) == ["few", "half", "next", "odd"]
    assert (rows["few"]["solved"], rows["few"]["judged_by"]) == (None, "tests")
    assert "file" not in rows["odd"]
    assert f"each with a diff: {run / 'repaired'}" in said
    for name in ("few", "next"):
        assert (run / rows[name]["file"]).read_text() == rows[name]["program"]
    patched = folder / "few.py"  # ends without a new line
    subprocess.run(["patch", "-s", patched, run / "repaired" / "few.diff"], check=True)
    assert patched.read_text() == rows["few"]["program"]
    readme = (run / "README.md").read_text()
    assert all(f"- `{each.name}{'/' * each.is_dir()}`: " in readme for each in run.iterdir() if each.name in LISTED)
    assert unknown_files(run) == []


LISTED = ("config.yaml", "summary.json", "repaired", "repaired.jsonl", "tb")


def check_comparison(run, page, capsys):
    assert compare([str(run), "--html", str(page)]) == 0
    said = capsys.readouterr().out
    assert "pass all their tests: 0 and 1 of 1 that have no hidden cases to judge by" in said
    assert "1/1 tests" in said
    assert "hidden" not in page.read_text().replace("that have no hidden cases", "")


def test_every_file_of_a_run_is_explained_where_the_page_lists_them():
    page = (ROOT / "runs" / "README.md").read_text("utf-8").replace("improved_FILE", "improved_*").replace("_T.", "_*.")
    assert [name for name in (*FIRST, *MORE) if f"`{name.removesuffix('*') or name}" not in page] == []


def test_a_test_model_is_named_where_it_can_write_tests(task):
    plain, known = task.problem, find_problems("test")[0]
    asked = [(RepairSettings(), plain), (RepairSettings(), known), (RepairSettings(ModelSettings("gpt-4o")), plain)]
    assert [names_of(how, [each])["test_model"] for how, each in asked] == ["", "embedded-tester", "gpt-4o"]


def test_names_of_files_are_plain_and_differ():
    names = file_names(["a/b", "a_b", "A_B", "../../etc", "", "x" * 500, "half"])
    assert list(names.values())[:4] == ["a_b", "a_b-2", "A_B-3", "_.._etc"]
    assert names["half"] == "half"
    assert max(map(len, names.values())) <= 60
    assert all(names.values())


def test_brackets_in_ids_are_shown_as_they_are(capsys):
    spending = {"cost_usd": 0.0, "calls": 0, "prompt_tokens": 0, "completion_tokens": 0, "simulated": False}
    usual = {"status": "stopped", "attempts": 0, "seconds": 0.0, "spending": spending, "fault": "budget"}
    records = [{"id": name, **usual} for name in ("list[/b] x", "a[i]")]
    Console(width=120).print(table_of(summarised(2, records, {})))
    shown = capsys.readouterr().out
    assert "list[/b] x " in shown
    assert "a[i] " in shown
