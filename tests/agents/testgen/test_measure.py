"""What references say about generated tests, the choice of models, and the command."""

import json
from dataclasses import replace

import pytest

from agents.models import open_model
from agents.testgen import Calibration, GeneratedTest, Rejection, Suite, measure, model_for_tests
from agents.testgen.__main__ import main
from agents.testgen.measure import Quality, learn, total


def test_quality_is_what_references_say(mountain, box):
    tests = (
        GeneratedTest(([1, 2, 1],), 3, "edge", origin="edge", votes=3, agreeing=3, confidence=0.9, first=3),
        GeneratedTest(([1, 3, 1],), 3, votes=3, agreeing=2, confidence=0.6, first=7),
        GeneratedTest(([5, 3],), 9, votes=3, agreeing=2, confidence=0.6, first=0),
        GeneratedTest((["not", "allowed"],), 0, votes=3, agreeing=3, confidence=0.9, first=0),
    )
    down = (
        Rejection("no agreement", test=GeneratedTest(([2, 2],), 0, votes=3, agreeing=1, first=0)),
        Rejection("unreadable", "no test case was found"),
    )
    quality = measure(Suite(mountain.id, "m", tests, down, 4, edges=2), mountain, box)
    assert (quality.right_kept, quality.kept) == (2, 4)
    assert quality.precision == 0.5
    assert quality.accuracy == pytest.approx(3 / 5), "first answers: of 1 2 1, of 5 3 and of 2 2"
    assert quality.recall == pytest.approx(2 / 3)
    assert quality.edge_coverage == 0.5
    assert 0 < quality.mutation_score < 1
    bugs = sum(quality.bugs.values())
    assert quality.bugs_at_right[1] == quality.bugs_at_wrong[1] == 2 * bugs
    passed = [quality.bugs_at_right[0] / (2 * bugs), quality.bugs_at_wrong[0] / (2 * bugs)]
    assert 0 < passed[0] < 1
    assert quality.discrimination == pytest.approx(0.5 * (1 - passed[0]) - 0.5 * passed[1])
    alone = measure(Suite(mountain.id, "m", tests[2:]), mountain, box)
    assert alone.mutation_score == 0.0, "a test with a wrong answer exposes nothing"
    assert alone.discrimination == -alone.bugs_at_wrong[0] / alone.bugs_at_wrong[1] <= 0
    both = total([quality, alone])
    assert both.bugs_at_wrong == (quality.bugs_at_wrong[0] + alone.bugs_at_wrong[0], 4 * bugs)


def test_the_embedded_tester_is_right_and_exposes_most_easy_bugs(make, mountain, box):
    suite = make(open_model("embedded-tester", sandbox=box), mountain, box=box)
    quality = measure(suite, mountain, box)
    assert quality.accuracy == quality.precision == quality.edge_coverage == 1.0
    assert quality.killed["easy"] >= 0.9 * quality.bugs["easy"]


def test_what_does_not_exist_is_no_zero(foreign, box):
    nothing = Quality("p", 0, 0, 0, 0, 0, 0, 0)
    assert (nothing.accuracy, nothing.precision, nothing.mutation_score, nothing.calibration_error) == (None,) * 4
    assert nothing.discrimination is None
    assert total([]) is None
    with pytest.raises(ValueError, match="no references"):
        measure(Suite("foreign", "m"), foreign, box)


def test_the_calibration_error_is_the_gap_between_confidence_and_truth():
    quality = Quality("p", 0, 0, 0, 0, 0, 0, 0, points=((0.9, True), (0.9, False), (0.1, False), (0.1, False)))
    assert quality.calibration_error == pytest.approx((abs(1.8 - 1) + abs(0.2 - 0)) / 4)
    doubled = total([quality, quality])
    assert doubled.calibration_error == pytest.approx(quality.calibration_error)


def test_learning_makes_confidence_true(mountain, box):
    right = GeneratedTest(([1, 2, 1],), 3, votes=3, agreeing=3, confidence=0.75)
    suite = Suite(mountain.id, "m", (right, replace(right, expected=0, args=([1, 3, 1],))) * 30)
    calibration = Calibration()
    learn(calibration, suite, measure(suite, mountain, box, bugs=False))
    assert calibration.seen == {(3, 3): (30, 60)}
    assert calibration.confidence(3, 3) == pytest.approx(0.5, abs=0.01)


def test_the_model_that_repairs_writes_the_tests_unless_another_is_named():
    assert model_for_tests("vllm/x") == "vllm/x"
    assert model_for_tests("vllm/x", "embedded-tester") == "embedded-tester"
    assert model_for_tests("embedded") == "embedded-tester"
    assert model_for_tests("simulated-cheap-repairer") == "simulated-cheap-tester"
    with pytest.raises(ValueError, match="cannot write tests"):
        model_for_tests({"server": "repairer", "name": "mine"})


def test_an_unknown_test_model_is_an_error_and_no_silent_fall_back():
    with pytest.raises(ValueError, match="did you mean 'gpt-4o-mini'"):
        model_for_tests("embedded", "gpt-4o-mimi")


def test_the_command_reports_what_it_measured(capsys, tmp_path):
    known = ["longest_mountain", "carries_in_base", "--model", "simulated-strong-tester"]
    assert main([*known, "--json", "--store", str(tmp_path), "--calibration", str(tmp_path / "c.json")]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [each["problem"] for each in report["problems"]] == ["carries_in_base", "longest_mountain"] or [
        each["problem"] for each in report["problems"]
    ] == ["longest_mountain", "carries_in_base"]
    assert report["total"]["precision"] > 0.8
    assert all(each["simulated"] for each in report["problems"])
    assert json.loads((tmp_path / "c.json").read_text())["rows"]
    assert main([*known, "--store", str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    assert "simulated-strong-tester (simulated)" in shown
    assert "this says nothing about any language model" in " ".join(shown.split())
    assert "mutation score" in shown


def test_the_command_makes_tests_against_a_program(capsys, tmp_path, mountain):
    (tmp_path / "p.py").write_text(mountain.wrong[0].source)
    assert main(["longest_mountain", "--code", str(tmp_path / "p.py"), "--json", "--no-bugs"]) == 0
    [report] = json.loads(capsys.readouterr().out)["problems"]
    assert report["against"]
    assert report["quality"]["exposing"] > 0


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["no_such_problem"], "is no split, id or file"),
        (["longest_mountain", "--model", "gpt-4o-mimi"], "did you mean 'gpt-4o-mini'"),
        (["longest_mountain", "--tests", "0"], "1 to 100 tests"),
        (["longest_mountain", "--limit", "0"], "--limit 0: leaves no problem"),
        (["longest_mountain", "--limit", "-5"], "--limit -5: leaves no problem"),
        (["longest_mountain", "--calibration", "/nonexistent/x.json"], "--calibration: /nonexistent/x.json cannot"),
        (["longest_mountain", "--calibration", "/"], "--calibration: / cannot be written"),
        (["longest_mountain", "carries_in_base", "--code", "x.py"], "belongs to one problem"),
    ],
)
def test_a_mistake_of_the_caller_is_said(arguments, text, capsys):
    assert main(arguments) == 2
    assert text in capsys.readouterr().err


def test_a_problem_that_fails_harms_no_other(capsys, tmp_path):
    assert main(["longest_mountain", "--no-bugs", "--model", "embedded-tester", "--json"]) == 0
    record = {"schema": 1, "id": "strange", "title": "Strange", "statement": "Do it.", "kind": "function",
              "family": "lists", "difficulty": 1, "signature": "def f(n: int) -> int",
              "unproved": ["references", "grammar", "wrong", "visible", "cases"]}  # fmt: skip
    (tmp_path / "p.jsonl").write_text(json.dumps(record) + "\n")
    capsys.readouterr()
    assert main(["longest_mountain", str(tmp_path / "p.jsonl"), "--no-bugs", "--json"]) == 1
    captured = capsys.readouterr()
    assert len(json.loads(captured.out)["problems"]) == 1
    assert "fault: strange" in captured.err
