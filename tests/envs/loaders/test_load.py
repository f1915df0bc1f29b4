"""The one way in: names with guesses, the hub's errors, the command line, and the real HumanEval."""

import importlib.util
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from envs.problems import Case
from envs.problems.__main__ import main
from envs.problems.bugs.build import build_pool
from envs.problems.loaders import DATA_SETS, load, load_with_progress, named_problems
from envs.problems.prove import prove
from envs.problems.running import judged, oracle, passes_code

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
def test_the_checked_solutions_of_humaneval_are_all_right(box):
    problems = list(load("humaneval", HUMANEVAL))
    with ThreadPoolExecutor(3) as threads:
        proofs = list(threads.map(lambda problem: prove(problem, box), problems))
    assert len(proofs) == 164
    assert [proof.problem.id for proof in proofs if proof.faults] == []


@present
@shared
def test_humaneval_can_be_mutated(box):
    for problem in [item for place, item in enumerate(load("humaneval", HUMANEVAL)) if place % 60 == 3]:
        pool = build_pool(problem, box)
        assert len(pool.bugs) >= 5
        for bug in pool.bugs[:5]:
            witness = pool.inputs[bug.witness]
            [right] = oracle(problem, [witness], box)
            assert not any(judged(problem, bug.source, [Case(witness, right.value)], box))


@present
@shared
def test_humaneval_judges_others_wrong(box):
    for problem in [item for place, item in enumerate(load("humaneval", HUMANEVAL)) if place % 16 == 6]:
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


ADD = {
    "id": "add",
    "description": "Add.",
    "function_signature": "def add(a, b)",
    "baseline_tests": ["assert add(1, 2) == 3"],
    "reference_solution": "def add(a, b):\n    return a + b\n",
}


def test_the_good_records_of_a_file_load_when_asked_to(lines, capsys):
    path = lines(ADD, ADD | {"id": "bad", "reference_solution": "x"}, ADD | {"id": "more"}, name="data.json")
    with pytest.raises(ValueError, match="does not define add"):
        named_problems(f"progressive={path}")
    capsys.readouterr()
    problems = named_problems(f"progressive={path}", on_error="skip")
    assert [problem.id for problem in problems] == ["progressive/add", "progressive/more"]
    assert f"skipped: {path}:2: field reference_solution: does not define add" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["train", "repair"])
def test_every_data_set_of_problems_is_a_choice_in_runs(command):
    from hydra import compose, initialize_config_module

    from agents.repair.settings import register
    from agents.settings import register_schemas

    register_schemas()
    register()
    with initialize_config_module("configs", version_base="1.3"):
        for name in DATA_SETS:
            if not name.startswith("livecodebench-"):
                chosen = compose(command, [f"problems={name}", "problems.path=data/x.json"]).problems
                assert chosen.train == chosen.test == f"{name}=data/x.json"


def test_progress_gives_the_same_items(lines):
    path = lines(ADD, ADD | {"id": "more"}, name="data.json")
    assert list(load_with_progress(load("progressive", path))) == list(load("progressive", path))
