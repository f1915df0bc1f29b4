"""The one way in: names with guesses, the hub's errors, the command line, and the real HumanEval."""

import importlib.util
import json
from pathlib import Path

import pytest

from envs.problems.__main__ import main
from envs.problems.loaders import DATA_SETS, load, load_with_progress
from envs.problems.prove import prove

HUMANEVAL = Path(__file__).parents[4] / "shared" / "data" / "HumanEval.jsonl.gz"
shared = pytest.mark.shared
present = pytest.mark.skipif(not HUMANEVAL.exists(), reason="the data folder ../shared is not here")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("humanevil", "there is no 'humanevil'; did you mean 'humaneval'?"),
        ("LiveCodeBench", "did you mean 'livecodebench'?"),
        ("zzz", "known: humaneval, humaneval\\+, mbpp"),
    ],
)
def test_an_unknown_name_gets_a_guess(name, message):
    with pytest.raises(ValueError, match=message):
        load(name, "x")


def test_a_path_or_the_hub_and_nothing_else_is_asked_for():
    for options in ({}, {"path": "x", "hub": True}):
        with pytest.raises(ValueError, match="either a path or hub=True"):
            load("mbpp", **options)
    with pytest.raises(ValueError, match="'stop' is not 'raise' or 'skip'"):
        load("mbpp", "x", on_error="stop")


@pytest.mark.skipif(importlib.util.find_spec("datasets") is not None, reason="datasets is installed")
def test_the_hub_needs_the_extra_data():
    with pytest.raises(ValueError, match=r"the hub needs the package datasets: pip install 'sparring\[data\]'"):
        load("mbpp", hub=True)


def test_a_data_set_that_is_not_on_the_hub_says_so():
    assert not DATA_SETS["quixbugs"].hub
    with pytest.raises(ValueError, match="quixbugs: is not on the hub; give a path"):
        load("quixbugs", hub=True)


@pytest.mark.skipif(importlib.util.find_spec("pyarrow") is not None, reason="pyarrow is installed")
def test_parquet_needs_the_extra_data(tmp_path):
    (tmp_path / "train.parquet").write_bytes(b"PAR1")
    with pytest.raises(ValueError, match=r"parquet files need pyarrow: pip install 'sparring\[data\]'"):
        next(load("atgen", tmp_path / "train.parquet"))


def test_parquet_rows_load_like_lines(tmp_path):
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    rows = [{"question": f"Add {n}.", "buggy_code": "print(1)", "gold_code": "print(int(input()))"} for n in range(40)]
    parquet.write_table(arrow.Table.from_pylist(rows), tmp_path / "train.parquet")
    assert [problem.statement for problem in load("atgen", tmp_path)] == [row["question"] for row in rows]
    (tmp_path / "train.parquet").write_bytes(b"PAR1 and nothing more PAR1")
    with pytest.raises(ValueError, match="cannot be read as parquet"):
        next(load("atgen", tmp_path))


@present
@shared
def test_humaneval_loads_whole():
    problems = load("humaneval", HUMANEVAL).problems()
    assert len(problems) == 164
    assert {problem.split for problem in problems} == {"test"}
    assert all(problem.hidden or problem.test_code for problem in problems)
    assert sum(bool(problem.grammar) for problem in problems) > 150
    assert sum(bool(problem.visible) for problem in problems) > 150
    names = [
        {repr(case.args) for case in problem.visible} & {repr(case.args) for case in problem.hidden}
        for problem in problems
    ]
    assert not any(names)


@present
@shared
def test_humaneval_judges_its_own_solutions_right_and_others_wrong(box):
    problems = [item for place, item in enumerate(load("humaneval", HUMANEVAL)) if place % 16 == 6]
    assert len(problems) == 10
    assert [prove(problem, box).faults for problem in problems] == [[]] * 10
    from envs.problems.running import judged, passes_code

    for problem in problems:
        wrong = f"def {problem.entry}(*args):\n    return object\n"
        assert not all(judged(problem, wrong, problem.hidden, box)) or not passes_code(problem, wrong, box)


@present
@shared
def test_the_commands_take_a_data_set_with_its_path(capsys):
    assert main(["list", f"humaneval={HUMANEVAL}", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 164


def test_the_command_line_guesses_names_too(capsys):
    assert main(["list", "humanevil=x"]) == 2
    assert "did you mean 'humaneval'" in capsys.readouterr().err


def test_records_that_are_no_problems_are_refused_on_the_command_line(lines, capsys):
    path = lines({"code": "def f(a):\n    return a", "input": "f(1)", "output": "1"})
    assert main(["list", f"livecodebench-execution={path}"]) == 2
    assert "holds no problems but Execution records" in capsys.readouterr().err


def test_progress_gives_the_same_items(lines):
    record = {
        "id": "add",
        "description": "Add.",
        "function_signature": "def add(a, b)",
        "baseline_tests": ["assert add(1, 2) == 3"],
        "reference_solution": "def add(a, b):\n    return a + b\n",
    }
    path = lines(record, record | {"id": "more"}, name="data.json")
    assert list(load_with_progress(load("progressive", path))) == list(load("progressive", path))
