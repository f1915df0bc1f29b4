"""Two runs side by side."""

import json

import pytest

from agents.compare.__main__ import main
from agents.compare.comparing import as_json, compared, mcnemar
from agents.compare.outcomes import Outcome, Side
from agents.compare.page import lines, page
from agents.runs import RunDirectory


def side(name, *shares, faults=0):
    return Side(name, {f"p{n}": Outcome(f"p{n}", passed, 10, 0.01) for n, passed in enumerate(shares)}, faults)


def test_problems_are_improved_unchanged_or_worse():
    found = as_json(compared(side("a", 0, 5, 10, 10), side("b", 10, 5, 9, 10)))
    assert (found["improved"], found["unchanged"], found["worse"]) == (1, 2, 1)
    assert (found["a"]["solved"], found["b"]["solved"]) == (2, 2)
    assert found["most_improved"] == ["p0"]
    assert found["most_worse"] == ["p2"]
    assert found["a"]["overall_ratio"] == 25 / 40


@pytest.mark.parametrize(("a", "b", "p"), [(0, 0, 1.0), (1, 1, 1.0), (0, 5, 2 / 32), (2, 8, 2 * 56 / 1024)])
def test_mcnemars_test_is_the_exact_binomial(a, b, p):
    assert mcnemar(a, b) == pytest.approx(p)
    assert mcnemar(b, a) == pytest.approx(p)


def test_the_interval_of_the_change_holds_the_mean_and_is_repeatable():
    sides = side("a", *[5] * 20), side("b", *[7, 3] * 5, *[9] * 10)
    first, again = compared(*sides).share_change, compared(*sides).share_change
    assert first == again
    assert first.low < first.mean < first.high
    assert first.mean == pytest.approx(0.2)


def test_who_has_no_hidden_cases_passes_and_is_not_solved():
    sides = [Side("a", {"p": Outcome("p", n, 2, judged_by="tests")}) for n in (1, 2)]
    found = as_json(compared(*sides))
    assert (found["b"]["solved"], found["b"]["passing"], found["judged_by"]) == (0, 1, {"tests": 1})
    assert found["mcnemar"]["solved_by_b_alone"] == 1
    assert dict(lines(compared(*sides)))["pass all their tests"] == "0 and 1 of 1 that have no hidden cases to judge by"


def test_a_single_problem_can_be_asked_for_and_unknown_ones_are_errors():
    """An earlier tool took the problem's id and ignored it."""
    sides = side("a", 1, 2, 3), side("b", 4, 5, 6)
    assert [pair.id for pair in compared(*sides, "p1").pairs] == ["p1"]
    with pytest.raises(ValueError, match="did you mean"):
        compared(*sides, "p11")
    with pytest.raises(ValueError, match="no problem in common"):
        compared(Side("a", {}), sides[1])


def test_the_page_stands_alone_and_escapes_what_it_shows():
    odd = Side("<b>", {"<script>": Outcome("<script>", 1, 2)})
    text = page(compared(odd, odd))
    assert "<script>" not in text
    assert "<svg" in text
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")


def record(name, passed, status="done"):
    spending = {"cost_usd": 0.5, "simulated": False}
    if status != "done":
        return {"kind": "repair", "id": name, "status": status, "solved": None, "spending": spending}
    hidden = {"hidden": [passed, 4]}
    more = {"before": {"hidden": [1, 4]}, "after": hidden, "attempts": 2, "seconds": 1.0, "spending": spending}
    return {"kind": "repair", "id": name, "status": status, "solved": passed == 4, **more}


@pytest.fixture
def runs(tmp_path):
    """Two run directories; in the second a problem met a fault."""
    for name, rows in (("a", [record("x", 1), record("y", 2)]), ("b", [record("x", 4), record("y", 0, "fault")])):
        with RunDirectory.create(tmp_path / name, {"attempts": 2}) as run:
            for row in rows:
                run.log(row)
    return str(tmp_path / "a"), str(tmp_path / "b")


def test_a_fault_is_left_out_and_counted(runs, tmp_path, capsys):
    assert (
        main([*runs, "--json", "--html", str(tmp_path / "page.html"), "--output-file", str(tmp_path / "c.json")]) == 0
    )
    found = json.loads(capsys.readouterr().out)
    assert found == json.loads((tmp_path / "c.json").read_text())
    assert (found["compared"], found["only_in_a"], found["b"]["faults"]) == (1, ["y"], 1)
    assert (tmp_path / "page.html").read_text().count("<svg") == 2


@pytest.mark.parametrize("row", [{"kind": "episode", "solved": True}, {"seed": 0, "step": 1}])
def test_a_run_of_training_is_refused_in_a_sentence(row, tmp_path, capsys):
    with RunDirectory.create(tmp_path / "run", {}) as run:
        run.log(row)
    assert main([str(tmp_path / "run")]) == 2
    assert "holds episodes of training, which cannot be compared; name a run of" in capsys.readouterr().err


def test_one_run_alone_is_compared_with_what_it_began_with(runs, capsys):
    assert main([runs[1]]) == 0
    assert "improved +0.75" in capsys.readouterr().out


def test_brackets_in_names_are_shown_as_they_are(tmp_path, capsys):
    with RunDirectory.create(tmp_path / "run[b]", {}) as run:
        run.log(record("list[/b] x", 2))
        run.log(record("a[i]", 2))
    assert main([str(run.path), str(run.path)]) == 0
    shown = capsys.readouterr().out
    assert all(shown.count(name) == count for name, count in (("run[b]", 2), ("list[/b] x ", 1), ("a[i] ", 1)))
    assert shown.splitlines()[0].split() == ["problem", "A", "B"]
    assert "\nA: run[b]\nB: run[b]\n" in shown


def test_solutions_in_a_file_are_executed(tmp_path, capsys):
    row = {
        "problem": "Print the next number.",
        "input_output": {"inputs": ["1\n", "5\n"], "outputs": ["2\n", "6\n"]},
        "m_solution": "print(2)",
        "improved_m_solution": "```python\nprint(int(input()) + 1)\n```",
    }
    path = tmp_path / "improved.json"
    path.write_text(json.dumps([row]))
    assert main([str(path), str(path), "--model-key", "m_solution", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    [found] = said["problems"]
    assert (found["a"], found["b"], found["change"]) == ([1, 2], [2, 2], "improved")
    assert said["overall_improvement"] == 0.5
    assert main([str(path), "--model-key", "other"]) == 2
    assert "m_solution" in capsys.readouterr().err
    assert main([str(tmp_path / "nothing"), "x"]) == 2


def test_solutions_that_nobody_improved_are_not_compared_with_themselves(tmp_path, capsys):
    path = tmp_path / "solutions.json"
    path.write_text(json.dumps([{"problem": "Print 1.", "m_solution": "print(1)"}]))
    assert main([str(path), "--model-key", "m_solution"]) == 2
    said = capsys.readouterr().err
    assert f"{path}: holds no 'improved_m_solution', so 'm_solution' has nothing to be compared with" in said
    assert "name a second file" in said
