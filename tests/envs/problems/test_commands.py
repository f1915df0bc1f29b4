"""The commands say what they found, in words and in JSON, and their exit codes mean it."""

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import gymnasium
import pytest

from envs.problems import load_file, load_suite
from envs.problems.__main__ import main
from envs.problems.commands import check
from envs.sources import find_problems
from sandbox import Sandbox, SandboxError, Stdin
from sandbox.shells.memory import Memory
from sandbox.terminal import Terminal

HUMANEVAL = {
    "task_id": "HumanEval/7",
    "entry_point": "f",
    "prompt": "def f(x):\n",
    "canonical_solution": "    return x\n",
}
HUMANEVAL |= {"test": "def check(f):\n    assert f(1) == 1\n"}
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
    rows = [HUMANEVAL | {"task_id": f"HumanEval/{number}"} for number in (6, 7)]
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


class Gone(io.StringIO):
    """An output that nobody reads any more."""

    def write(self, text):
        raise BrokenPipeError


def test_what_a_terminal_prints_for_a_reader_that_has_gone_is_a_broken_pipe():
    with pytest.raises(BrokenPipeError):
        Terminal(file=Gone()).print("anything")


def test_bad_records_are_left_out_when_asked_to(capsys, tutorial, tmp_path):
    proved = tmp_path / "proved.jsonl"
    assert printed(capsys, "check", tutorial, "--write", proved)[0] == 0
    proved.write_text("not JSON\n" + proved.read_text())
    assert main(["list", str(proved)]) == 2
    assert "error: " in capsys.readouterr().err
    assert main(["list", str(proved), "--skip-errors", "--json"]) == 1
    said = capsys.readouterr()
    assert [one["id"] for one in json.loads(said.out)] == ["runner_up"]
    assert said.err.startswith(f"skipped: {proved}:1: is not JSON")


def test_a_check_that_proves_nothing_leaves_the_file_as_it_was(capsys, tutorial, tmp_path):
    proved = tmp_path / "proved.jsonl"
    proved.write_text("kept\n")
    tutorial.write_text(re.sub(r"returns = .*", 'returns = "77"', tutorial.read_text(), count=1))
    assert main(["check", str(tutorial), "--write", str(proved)]) == 1
    assert "stays as it was: nothing is proved" in capsys.readouterr().err
    assert proved.read_text() == "kept\n"


def test_bad_records_of_data_sets_are_left_out_when_asked_to(capsys, tmp_path):
    path = tmp_path / "HumanEval.jsonl"
    path.write_text(json.dumps(HUMANEVAL) + "\n{damaged\n")
    assert main(["list", f"humaneval={path}", "--skip-errors", "--family", "humaneval", "--json"]) == 1
    said = capsys.readouterr()
    assert [one["id"] for one in json.loads(said.out)] == ["humaneval/7"]
    assert f"skipped: {path}:2: is not JSON" in said.err


def test_a_family_that_is_not_there_is_refused_with_a_guess(capsys):
    assert main(["list", "--family", "treees"]) == 2
    assert "there is no 'treees' here; did you mean 'trees'?" in capsys.readouterr().err


def test_a_data_set_without_a_path_does_not_read_the_current_folder(capsys):
    assert main(["list", "humaneval="]) == 2
    assert "names no file or folder; write humaneval=PATH" in capsys.readouterr().err


def test_two_problems_of_one_id_are_not_one(capsys, tutorial, tmp_path):
    other = tmp_path / "other.toml"
    other.write_text(
        tutorial.read_text().replace("difficulty = 1", "difficulty = 2").replace("difficulty = 3", "difficulty = 2")
    )
    assert other.read_text() != tutorial.read_text()
    assert main(["list", str(tutorial), str(other)]) == 2
    assert f"the id 'runner_up' stands already in {tutorial}" in capsys.readouterr().err
    code, text = printed(capsys, "list", tutorial, tutorial, "--json")
    assert (code, len(json.loads(text))) == (0, 1)


def test_nothing_that_a_problem_says_steers_the_terminal(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    path = tmp_path / "HumanEval.jsonl"
    hostile = {"prompt": 'def f(x):\n    """Gone.\x1b[2J\x9b2J\r\a"""\n'}
    path.write_text(json.dumps(HUMANEVAL | hostile) + "\n")
    code, text = printed(capsys, "show", f"humaneval={path}", "--programs", "--hidden")
    assert code == 0
    assert "Gone.\N{REPLACEMENT CHARACTER}[2J" in text
    assert not any(text.count(sign) for sign in ("\x1b[2J", "\x9b", "\r", "\a"))


def test_a_tag_is_no_markup(capsys, tutorial):
    tutorial.write_text(
        re.sub(r"(?m)^tags = .*$", "", tutorial.read_text()).replace("family =", 'tags = ["[/x]"]\nfamily =', 1)
    )
    code, text = printed(capsys, "show", tutorial)
    assert code == 0
    assert "[/x]" in text


@pytest.mark.parametrize("command", ["stats", "check"])
def test_a_place_that_nothing_can_be_written_to_is_refused_before_anything_runs(capsys, tmp_path, command):
    place = tmp_path / "nowhere" / "x.jsonl"
    assert main([command, "pack_runs", "--write", str(place)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"error: --write {place}: ")


@pytest.mark.parametrize(
    ("name", "told"),
    [("x" * 5000, "is neither the id of an embedded problem nor a file"), ("humaneval=/" + 300 * "x", "cannot be looked at"),
     ("empty.jsonl", "holds no problem")],
    ids=["long", "long-data-set", "empty"],
)  # fmt: skip
def test_a_file_that_holds_nothing_or_cannot_be_read_is_one_sentence(capsys, tmp_path, monkeypatch, name, told):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.jsonl").touch()
    assert main(["list", name]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert told in said.err


@pytest.mark.parametrize("command", ["list", "bugs"])
def test_eighty_columns_are_enough_for_whole_names(capsys, monkeypatch, command):
    monkeypatch.setenv("COLUMNS", "80")
    assert main([command]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert {problem.id for problem in load_suite()} <= {line.partition(" ")[0] for line in lines}


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
    assert "1 problem proved" in text


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


class Interrupted(Memory):
    """A shell at which somebody presses Ctrl-C as soon as it is to start a worker."""

    def start(self, program, slot):
        self.starts += 1
        raise KeyboardInterrupt


def test_an_interruption_ends_a_check_quietly_with_what_still_waits(capsys, monkeypatch):
    names = [problem.id for problem in load_suite()[:12]]
    shell = Interrupted(lambda body: b"")
    box = Sandbox(shell, 1, cache_mb=0)
    monkeypatch.setattr(check, "open_sandbox", lambda name, workers: box)
    assert main(["check", *names, "--workers", "1"]) == 130
    assert "Traceback" not in capsys.readouterr().err
    assert 0 < shell.starts < len(names)
    with pytest.raises(SandboxError, match="closed"):
        box.run("print(1)", [Stdin("")])


def test_check_writes_to_no_file_of_another_kind(capsys, tutorial, tmp_path):
    assert main(["check", str(tutorial), "--write", str(tmp_path / "proved.toml")]) == 2
    assert "is no name of a .jsonl file" in capsys.readouterr().err


def test_a_problem_without_hidden_cases_gets_a_warning_that_names_the_command(tutorial):
    with pytest.warns(
        UserWarning, match="no hidden cases.*the first is runner_up. Make some with: .*check FILE --write"
    ):
        gymnasium.make("envs:Repair-v0", problems=str(tutorial))


def test_paths_may_hold_an_equals_sign(tmp_path, capsys):
    folder = tmp_path / "a=b"
    folder.mkdir()
    (folder / "some.jsonl").write_text(json.dumps(HUMANEVAL) + "\n")
    code, text = printed(capsys, "list", f"humaneval={folder / 'some.jsonl'}", "--json")
    assert (code, [one["id"] for one in json.loads(text)]) == (0, ["humaneval/7"])
    (folder / "own.toml").write_text(re.search(r"```toml\n(.*?)```", TUTORIAL.read_text(), re.S)[1])
    for name in (folder / "own.toml", f"{folder / 'own.toml'}:runner_up"):
        code, text = printed(capsys, "list", name, "--json")
        assert (code, [one["id"] for one in json.loads(text)]) == (0, ["runner_up"])
    assert [problem.id for problem in find_problems(str(folder / "own.toml"))] == ["runner_up"]
