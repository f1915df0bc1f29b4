"""The commands say what they found, in words and in JSON, and their exit codes mean it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import gymnasium
import pytest

from envs.problems import load_file
from envs.problems.__main__ import main

TUTORIAL = Path(__file__).parents[3] / "docs" / "tutorials" / "add-a-problem.md"


@pytest.fixture
def tutorial(tmp_path):
    """The problem of the tutorial, as its reader would save it."""
    path = tmp_path / "runner_up.toml"
    path.write_text(re.search(r"```toml\n(.*?)```", TUTORIAL.read_text(), re.S)[1])
    return path


def printed(capsys, *argv):
    code = main([str(arg) for arg in argv])
    return code, capsys.readouterr().out


def test_list_names_every_problem(capsys):
    code, text = printed(capsys, "list", "--json")
    assert code == 0
    found = json.loads(text)
    assert {"id": "pack_runs", "split": "train"}.items() <= next(
        one for one in found if one["id"] == "pack_runs"
    ).items()
    code, text = printed(capsys, "list")
    assert code == 0
    assert all(one["id"] in text for one in found)


def test_list_filters(capsys):
    _, text = printed(capsys, "list", "--family", "trees", "--kind", "function", "--json")
    assert {(one["family"], one["kind"]) for one in json.loads(text)} == {("trees", "function")}
    _, text = printed(capsys, "list", "--split", "validation", "--json")
    assert {one["split"] for one in json.loads(text)} == {"validation"}


def test_show_tells_a_solver_everything_and_hides_the_programs(capsys):
    code, text = printed(capsys, "show", "pack_runs")
    assert code == 0
    assert "run of twelve a becomes a12" in " ".join(text.split())
    assert "def pack_runs(text: str) -> str" in text
    assert "groupby" not in text
    _, text = printed(capsys, "show", "pack_runs", "--programs")
    assert "groupby" in text


def test_show_gives_the_whole_record_as_json(capsys):
    _, text = printed(capsys, "show", "pack_runs", "ledger_with_undo", "--json")
    assert [record["id"] for record in json.loads(text)] == ["pack_runs", "ledger_with_undo"]


def test_one_problem_of_a_file_can_be_shown(capsys, tutorial, tmp_path):
    _, text = printed(capsys, "show", f"{tutorial}:runner_up", "--json")
    assert [record["id"] for record in json.loads(text)] == ["runner_up"]
    record = {
        "task_id": "HumanEval/7",
        "prompt": "def f(x):\n",
        "entry_point": "f",
        "canonical_solution": "    return x\n",
    }
    rows = [
        record | {"task_id": f"HumanEval/{number}", "test": "def check(f):\n    assert f(1) == 1\n"}
        for number in (6, 7)
    ]
    path = tmp_path / "odd: name.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    for wanted in ("humaneval/7", "7"):
        _, text = printed(capsys, "show", f"humaneval={path}:{wanted}", "--json")
        assert [record["id"] for record in json.loads(text)] == ["humaneval/7"]
    assert main(["show", f"humaneval={path}:humaneval/8"]) == 2
    assert "holds no problem 'humaneval/8'; did you mean 'humaneval/" in capsys.readouterr().err


def test_a_reader_that_has_enough_ends_a_command_quietly():
    command = [sys.executable, "-m", "envs.problems", "list", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as reader:
        reader.stdout.close()
        assert reader.wait(timeout=60) == 141
        assert reader.stderr.read() == ""


def test_an_unknown_problem_is_refused_with_a_guess(capsys):
    assert main(["show", "pack_rums"]) == 2
    assert "did you mean 'pack_runs'?" in capsys.readouterr().err


def test_stats_counts_problems_and_their_bugs(capsys):
    code, text = printed(capsys, "stats", "pack_runs", "--json")
    figures = json.loads(text)
    assert code == 0
    assert set(figures) == {"problems", "families", "stdin_problems", "bugs", "tiers", "unproved"}
    assert list(figures["tiers"]) == ["easy", "medium", "hard", "extreme"]
    assert sum(figures["tiers"].values()) == figures["bugs"] > 0
    assert {"problems": 1, "families": 1, "stdin_problems": 0, "unproved": 0}.items() <= figures.items()
    code, text = printed(capsys, "stats", "pack_runs")
    assert code == 0
    assert f"all 1 0 1.0 {figures['bugs']}" in " ".join(text.split())


def test_the_problem_of_the_tutorial_is_proved(capsys, tutorial):
    code, text = printed(capsys, "check", tutorial)
    assert code == 0, text
    assert "1 problems proved" in text


def test_what_the_tutorial_breaks_is_found_as_it_says(capsys, tutorial):
    tutorial.write_text(tutorial.read_text().replace('returns = "5"', 'returns = "9"'))
    code, text = printed(capsys, "check", tutorial)
    assert code == 1
    said = next(line for line in TUTORIAL.read_text().splitlines() if line.startswith("✗"))
    assert said in text


def test_check_reports_in_json(capsys, tutorial):
    code, text = printed(capsys, "check", tutorial, "pack_runs", "--json")
    report = json.loads(text)
    assert (code, report["ok"]) == (0, True)
    assert [one["id"] for one in report["problems"]] == ["runner_up", "pack_runs"]
    assert all(0 < share < 1 for one in report["problems"] for share in one["exposed"].values())


def test_a_bad_file_is_refused_before_anything_runs(capsys, tutorial):
    tutorial.write_text(tutorial.read_text().replace("[[wrong]]", "[[wrongs]]"))
    assert main(["check", str(tutorial)]) == 2
    assert "field wrongs: is not a known field; did you mean 'wrong'?" in capsys.readouterr().err


def test_check_keeps_the_proved_problems_with_the_cases_made_for_them(capsys, tutorial, tmp_path):
    file = tmp_path / "proved.jsonl"
    assert printed(capsys, "check", tutorial, "--write", file)[0] == 0
    [proved] = load_file(file).problems
    assert (len(proved.visible), len(proved.selection), len(proved.hidden)) == (2, 20, 60)
    assert [path.name for path in tmp_path.glob("proved*")] == ["proved.jsonl"]
    assert printed(capsys, "check", file)[0] == 0, "what was written can be checked again"


def test_check_writes_to_no_file_of_another_kind(capsys, tutorial, tmp_path):
    assert main(["check", str(tutorial), "--write", str(tmp_path / "proved.toml")]) == 2
    assert "is no name of a .jsonl file" in capsys.readouterr().err


def test_a_problem_without_hidden_cases_gets_a_warning_that_names_the_command(tutorial):
    with pytest.warns(
        UserWarning, match="no hidden cases.*the first is runner_up. Make some with: .*check FILE --write"
    ):
        gymnasium.make("envs:Repair-v0", problems=str(tutorial))
