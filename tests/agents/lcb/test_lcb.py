"""LiveCodeBench's flags, scenarios and scores."""

import itertools
import json

import pytest

from agents.lcb.__main__ import Kept, main
from agents.lcb.flags import parser, settings_of, warnings_of
from agents.lcb.predicting import right
from agents.lcb.scores import pass_at_k
from agents.models.practice_server import PracticeServer
from agents.testgen import __main__ as testgen


def test_pass_at_k_is_the_share_of_draws_with_a_right_one():
    for n, c, k in ((10, 3, 1), (6, 2, 5), (5, 0, 5), (7, 7, 3)):
        draws = list(itertools.combinations([True] * c + [False] * (n - c), k))
        assert pass_at_k(n, c, k) == pytest.approx(sum(map(any, draws)) / len(draws))
    assert pass_at_k(3, 1, 5) is None


def test_the_seeds_example_means_what_it_says():
    line = (
        "--data x --model gpt-4o-mini-2024-07-18 --test_gen_model gpt-4o --unified --codegen_n 10 --temperature 0.2 "
        "--max_tokens 8192 --no_basic_repair --trust_remote_code"
    )
    given = parser().parse_args(line.split())
    settings = settings_of(given)
    assert (settings.model.name, settings.test_model.name) == ("gpt-4o-mini-2024-07-18", "gpt-4o")
    assert (settings.initial.n, settings.temperature, settings.max_tokens) == (10, 0.2, 8192)
    assert (settings.attempts, settings.route.enabled) == (10, False)
    assert [warning.split()[0] for warning in warnings_of(given)] == ["--trust_remote_code"]


def test_the_model_that_writes_tests_is_waited_for_as_long_as_the_other():
    settings = settings_of(parser().parse_args(["--data", "x", "--test_gen_model", "gpt-4o", "--openai_timeout", "5"]))
    assert settings.model.timeout_s == settings.test_model.timeout_s == 5


@pytest.mark.parametrize("cli", [parser(), testgen.parser()], ids=["lcb", "testgen"])
def test_help_explains_every_flag_and_its_default(cli):
    for each in cli._actions:
        assert each.help
        if each.nargs != 0 and each.default is not None:
            assert "(default: " in each.help


@pytest.mark.parametrize(("scenario", "warned"), [("codegeneration", ["--stop"]), ("codeexecution", [])])
def test_a_stop_text_is_for_scenarios_that_ask_for_an_output(scenario, warned):
    given = parser().parse_args(["--data", "x", "--stop", "###", "--scenario", scenario])
    assert [warning.split()[0] for warning in warnings_of(given)] == warned


@pytest.mark.parametrize(
    ("text", "good"),
    [("```python\nassert f(2) == [4]\n```", True), ("assert f(2) == (4,)", False), ("[4]", True), ("no idea", False)],
)
def test_a_prediction_counts_when_it_is_the_very_value(text, good):
    assert right(text, "f", [4]) is good


def write(path, *rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def question(number):
    tests = [{"input": f"{n}\n", "output": f"{n + number}\n", "testtype": "stdin"} for n in range(5)]
    return {
        "question_title": f"Add {number}", "question_content": f"Read a number and add {number}.",
        "platform": "atcoder", "question_id": f"q{number}", "contest_id": "c", "contest_date": f"2024-0{number}-01",
        "starter_code": "", "difficulty": "easy", "public_test_cases": json.dumps(tests[:2]),
        "private_test_cases": json.dumps(tests[2:]), "metadata": "{}",
    }  # fmt: skip


def answer(asked):
    text = asked["messages"][-1]["content"]
    number = 1 if "add 1" in text else 2
    return f"```python\nprint(int(input()) + {number if '# Program' in text else 1})\n```"


def test_baseline_and_repair_stand_side_by_side_from_the_same_programs(tmp_path, capsys):
    data = write(tmp_path / "lcb.jsonl", question(1), question(2), question(3))
    flags = ["--data", data, "--model", "vllm/m", "--unified", "--codegen_n", "5", "--output_dir", str(tmp_path)]
    flags += ["--num_synthetic_tests", "1", "--end_date", "2024-02-28", "--policy", "fixed", "--stop", "###"]
    with PracticeServer(text=answer) as server:
        assert main([*flags, "--base_url", server.url]) == 0
        asked = len(server.requests)
        assert main([*flags, "--base_url", server.url, "--continue_existing"]) == 0
        assert len(server.requests) == asked
        assert main([*flags, "--base_url", server.url, "--continue_existing", "--codegen_n", "9"]) == 2
        assert main([*flags, "--base_url", server.url, "--continue_existing", "--multiprocess", "3"]) == 0
        assert len(server.requests) == asked
    out, error = capsys.readouterr()
    assert "pass@1" in out
    assert "was made with --codegen_n 5, and now it is 9" in error
    [folder] = tmp_path.glob("lcb_codegeneration_*")
    summary = json.loads((folder / "summary.json").read_text())
    assert summary["scores"]["baseline"]["pass@1"] == 0.5  # the first question only
    assert summary["scores"]["its first"]["total"] == summary["scores"]["repair"]["total"] == 2
    assert summary["scores"]["repair"]["pass@1"] == 1.0
    rows = json.loads((folder / "rl_repair_0.2.json").read_text())
    assert {row["attempts_used"] for row in rows} == {0, 1}
    assert [row["question_title"] for row in rows] == ["Add 1", "Add 2"]
    [first] = json.loads((folder / "baseline_0.2.json").read_text())[:1]
    assert len(first["output_list"]) == 5
    assert first["output_list"][0].startswith("```python")


@pytest.mark.parametrize("half", ["n < 2", "n > 1"])
def test_a_program_must_pass_public_and_private_tests(half, tmp_path, capsys):
    data = write(tmp_path / "lcb.jsonl", question(1))
    with PracticeServer(text=f"```python\nn = int(input())\nprint(n + 1 if {half} else 0)\n```") as server:
        words = ["--data", data, "--model", "vllm/m", "--n", "1", "--output_dir", str(tmp_path)]
        assert main([*words, "--base_url", server.url]) == 0
    [folder] = tmp_path.glob("lcb_*")
    assert json.loads((folder / "summary.json").read_text())["scores"]["baseline"]["pass@1"] == 0


def test_a_run_that_goes_on_remembers_what_its_policy_has_learnt(tmp_path, capsys):
    def learnt(folder, *more):
        flags = ["--data", data, "--model", "vllm/m", "--unified", "--n", "1", "--output_dir", str(tmp_path / folder)]
        flags += ["--num_synthetic_tests", "1", "--multiprocess", "1", "--base_url", server.url]
        assert main([*flags, *more]) == 0
        [file] = (tmp_path / folder).glob("lcb_*/policy.json")
        return json.loads(file.read_text())

    data = write(tmp_path / "lcb.jsonl", question(2), question(3))
    with PracticeServer(text=answer) as server:
        whole, part = learnt("whole"), learnt("parts", "--limit", "1")
        assert part != whole == learnt("parts", "--continue_existing")


def test_questions_of_every_scenario_have_a_date(tmp_path, capsys):
    row = {
        "id": "s1", "code": "def f(n):\n    return n * 2\n", "input": "f(2)", "output": "4", "function_name": "f",
        "contest_date": "2023-05-01T00:00:00",
    }  # fmt: skip
    data = write(tmp_path / "execution.jsonl", row)
    flags = ["--data", data, "--scenario", "codeexecution", "--model", "vllm/m", "--start_date", "2030-01-01"]
    assert main([*flags, "--output_dir", str(tmp_path)]) == 2
    assert "no question is left; look at --start_date" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("flags", "why"),
    [
        ("--scenario testoutputprediction --unified --policy hint_ladder", "nothing is repaired"),
        ("--max_repair_attempts 3 --no_basic_repair", "only --unified repairs"),
        ("--scenario selfrepair --num_synthetic_tests 3", "selfrepair makes one attempt"),
        ("--scenario codeexecution --timeout 3", "nothing is run"),
    ],
)
def test_flags_that_mean_nothing_in_a_scenario_are_named(flags, why):
    found = warnings_of(parser().parse_args(["--data", "x", *flags.split()]))
    named = [word for word in flags.split() if word.startswith("--") and word != "--scenario"]
    assert len(found) == len(named)
    assert all(why in each for each in found)


def test_code_execution_is_scored_without_running_anything(tmp_path, capsys):
    row = {"id": "s1", "code": "def f(n):\n    return n * 2\n", "input": "f(2)", "output": "4", "function_name": "f"}
    other = row | {"id": "s2", "input": "f(3)", "output": "6"}
    data = write(tmp_path / "execution.jsonl", row, other)
    flags = [
        "--data",
        data,
        "--scenario",
        "codeexecution",
        "--model",
        "vllm/m",
        "--n",
        "2",
        "--output_dir",
        str(tmp_path),
    ]
    with PracticeServer(text="assert f(2) == 4") as server:
        assert main([*flags, "--base_url", server.url]) == 0
    [folder] = tmp_path.glob("lcb_codeexecution_*")
    assert json.loads((folder / "summary.json").read_text())["scores"]["baseline"]["pass@1"] == 0.5


def test_a_row_that_was_cut_short_is_forgotten(tmp_path):
    path = tmp_path / "results.jsonl"
    path.write_bytes(b'{"id": "a"}\n{"id": "b", "fault": "x"}\n{"id": "c')
    kept = Kept(path)
    assert kept.finished == {"a"}
    kept.add({"id": "b"})
    assert Kept(path).finished == {"a", "b"}


def test_the_models_are_named_as_they_really_are(tmp_path, capsys):
    data = write(tmp_path / "lcb.jsonl", question(1))
    flags = ["--data", data, "--model", "simulated-cheap-repairer", "--unified", "--codegen_n", "1"]
    assert main([*flags, "--output_dir", str(tmp_path), "--max_repair_attempts", "1"]) == 0
    said = "Using simulated-cheap-tester for test generation, simulated-cheap-repairer for repair"
    assert capsys.readouterr().err.count(said) == 1
    [folder] = tmp_path.glob("lcb_*")
    summary = json.loads((folder / "summary.json").read_text())
    assert (summary["model"], summary["test_model"]) == ("simulated-cheap-repairer", "simulated-cheap-tester")


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--model", "vllm/m", "--base_url", "https://me:sesame@gateway/v1"], "base_url"),
        (["--model", "gpt-4o"], "export OPENAI_API_KEY"),
        (["--model", "vllm/m", "--test_gen_model", "gpt-4o", "--unified"], "export OPENAI_API_KEY"),
    ],
)
def test_a_secret_in_an_address_and_a_missing_key_make_nothing(flags, said, tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    data = write(tmp_path / "lcb.jsonl", question(1))
    assert main(["--data", data, *flags, "--output_dir", str(tmp_path)]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "sesame" not in err
    assert [each.name for each in tmp_path.iterdir()] == ["lcb.jsonl"]


def test_a_missing_file_is_one_sentence(tmp_path, capsys):
    assert main(["--data", str(tmp_path / "none.jsonl"), "--model", "embedded"]) == 2
    assert "none.jsonl" in capsys.readouterr().err
