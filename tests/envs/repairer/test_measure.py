"""How the repairer is measured: what it is given, what counts, and the command."""

import io
import json
from dataclasses import replace

import pytest

from envs.problems import load_suite
from envs.problems.bugs import load_pool
from envs.problems.plain import key
from envs.problems.running import judged
from envs.repairer.__main__ import main
from envs.repairer.bench import kept, view
from envs.repairer.measure import RESULTS, Plan, counted, drawn, further_tests, tried_on
from sandbox import Sandbox
from sandbox.shells.memory import Memory
from sandbox.terminal import Terminal

PLAN = Plan(budget_s=20)


@pytest.fixture(scope="module")
def problem():
    return load_suite(ids=["balanced_cut"])[0]


def test_a_report_is_one_right_test_that_the_bug_fails_and_no_hidden_case(box, problem):
    for bug in load_pool(problem, box).bugs[:8]:
        tests = further_tests(problem, bug, box, Plan(report=True))
        assert judged(problem, bug.source, tests, box) == [False]
        known = {key(case.args) for case in (*problem.visible, *problem.selection, *problem.hidden)}
        assert known.isdisjoint(key(case.args) for case in tests)


def test_generated_tests_are_right_and_the_same_each_time(box, problem):
    first, second = load_pool(problem, box).bugs[:2]
    tests = further_tests(problem, first, box, Plan(tests=12))
    assert 6 <= len(tests) <= 12
    assert all(judged(problem, problem.references[1].source, tests, box))
    assert tests == further_tests(problem, first, box, Plan(tests=12))
    assert tests != further_tests(problem, second, box, Plan(tests=12))
    assert further_tests(problem, first, box, Plan()) == []


def test_a_bug_that_no_shown_case_exposes_is_unnoticed_until_it_is_reported(box, problem):
    few = replace(problem, visible=problem.visible[:1], selection=())
    pool = load_pool(few, box)
    quiet = next(bug for bug in pool.bugs if bug.tier == "medium" and all(judged(few, bug.source, few.visible, box)))
    ends = [tried_on(few, quiet, box, plan).result for plan in (PLAN, Plan(budget_s=20, report=True))]
    assert ends[0] == "unnoticed"
    assert ends[1] != "unnoticed"
    guess = tried_on(few, quiet, box, Plan(budget_s=20, guess=True))
    assert (guess.guessed, guess.result in ("repaired", "overfitted")) == (True, True)
    figures = counted([guess])
    assert (figures["guessed"], figures["share_of_noticed"]) == (int(guess.result == "repaired"), 0.0)


def test_shares_are_of_the_bugs_that_hidden_cases_expose(box, problem):
    [pair] = drawn([problem], box, "first-order", 1, seed=2)
    trial = tried_on(*pair, box, PLAN)
    figures = counted([trial])
    assert figures["bugs"] == int(trial.result != "unexposed")
    assert figures[trial.result] == 1
    ends = [replace(trial, result=result, seconds=59.9, tried=12345) for result in RESULTS for _ in range(999)]
    file = io.StringIO()
    Terminal(file=file, width=80, force_terminal=True, color_system=None).print(view(ends))
    lines = file.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    assert ["bugs", *RESULTS] in map(str.split, lines)  # no name is broken


def test_the_command_measures_and_prints_json_and_does_the_same_bugs_again(capsys, tmp_path):
    options = ["--bugs", "first-order", "--sample", "1", "--seed", "5", "--report", "--tests", "4", "--budget", "1"]
    assert main(["bench", *options, "--workers", "1", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["plan"]["tests"], facts["plan"]["report"]) == (4, True)
    assert len(facts["trials"]) == 1
    report = tmp_path / "report.json"
    report.write_text(json.dumps(facts))
    options = ["--bugs", "first-order", "--again", str(report), "--budget", "0", "--workers", "1", "--json"]
    assert main(["bench", *options]) == 0
    again = json.loads(capsys.readouterr().out)
    assert [trial["bug"] for trial in again["trials"]] == [trial["bug"] for trial in facts["trials"]]


@pytest.mark.parametrize("words", [["--sample", "-1"], ["--tests", "-3"], ["--keep", "/"]])
def test_a_number_or_file_that_cannot_be_meant_is_told(capsys, words):
    assert main(["bench", *words]) == 2
    assert words[0] in capsys.readouterr().err


class Interrupted(Memory):
    """A shell at which somebody presses Ctrl-C as soon as it is to start a worker."""

    def start(self, program, slot):
        self.starts += 1
        raise KeyboardInterrupt


def test_an_interruption_ends_a_measurement_quietly_with_what_still_waits(capsys, monkeypatch):
    shell = Interrupted(lambda body: b"")
    monkeypatch.setattr("sandbox.open_sandbox", lambda name, workers: Sandbox(shell, 1, cache_mb=0))
    assert main(["bench", "--bugs", "human", "--sample", "40"]) == 130
    assert "Traceback" not in capsys.readouterr().err
    assert 0 < shell.starts < 40


def test_a_measurement_that_was_cut_short_goes_on(capsys, tmp_path):
    file, options = tmp_path / "trials.jsonl", ["--bugs", "first-order", "--sample", "2", "--budget", "0", "--json"]
    words = ["bench", *options, "--workers", "1", "--keep", str(file)]
    assert main(words) == 0
    whole, rows = json.loads(capsys.readouterr().out), file.read_text().splitlines(keepends=True)
    assert len(rows) == 3
    file.write_text("".join(rows[:2]) + rows[2][:40])  # killed while it wrote
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out)["trials"][0] == whole["trials"][0], "that one was not done again"
    assert [json.loads(row)["bug"] for row in file.read_text().splitlines()[1:]] == [
        trial["bug"] for trial in whole["trials"]
    ]


def test_a_file_whose_first_line_is_torn_begins_anew(tmp_path):
    file, plan = tmp_path / "trials.jsonl", Plan()
    assert kept(file, plan) == {}
    whole = file.read_text()
    file.write_text(whole[:9])
    assert kept(file, plan) == {}
    assert file.read_text() == whole


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("no\n", "no trials"),
        ("[1]\n", "no trials"),
        ("{}\n", "had budget_s None, not 60"),
        ('{"a": 1}\n{}\n', "no trials"),
    ],
)
def test_a_file_of_other_trials_is_refused(capsys, tmp_path, text, says):
    file = tmp_path / "trials.jsonl"
    file.write_text(text)
    assert main(["bench", "--sample", "1", "--keep", str(file)]) == 2
    assert says in capsys.readouterr().err
    assert file.read_text() == text


def test_a_file_that_cannot_be_written_is_one_sentence(capsys, tmp_path):
    assert main(["bench", "--sample", "1", "--keep", str(tmp_path / "nowhere" / "trials.jsonl")]) == 2
    assert "nowhere" in capsys.readouterr().err


@pytest.mark.parametrize(
    "text", ["", "[]", '{"trials": []}', '{"trials": [1]}', '{"trials": [{"bug": "nobody-00000000"}]}']
)
def test_what_names_no_bug_is_refused(capsys, tmp_path, text):
    report = tmp_path / "report.json"
    report.write_text(text)
    assert main(["bench", "--bugs", "human", "--again", str(report)]) == 2
    assert "--again" in capsys.readouterr().err
