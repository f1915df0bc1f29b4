"""A solutions file of LibraryBench: its solutions are repaired, and stand beside the given ones."""

import json

import pytest

from agents.runs import read_json


@pytest.mark.parametrize("choice", ["file", "librarybench"])
def test_improved_solutions_stand_beside_the_given_ones(choice, librarybench, tmp_path, command, capsys):
    given = librarybench.read_text()
    where = [f"problems={choice}", f"problems.path={librarybench}"]
    assert command(*where, f"runs={tmp_path}", "name=run", "search_s=3") == 0
    assert librarybench.read_text() == given  # an earlier loop changed its input
    [row] = json.loads((tmp_path / "run" / "improved_solutions.json").read_text())
    assert "+ 1" in row["improved_claude_solution"]
    assert row["claude_solution"] == json.loads(given)[0]["claude_solution"]


def test_each_solution_stands_beside_its_own_whatever_the_numbers(librarybench, tmp_path, command, capsys):
    """Published files have the number inside of the problem; numbers need not be places, nor names."""
    [row] = json.loads(librarybench.read_text())
    rows = [{**row, "o3_mini_solution": f"place = {place}\nprint(int(input()) - 1)"} for place in range(3)]
    for given, number in zip(rows, (1, 0, "my prob 7"), strict=True):
        statement = {name: given.pop(name) for name in ("problem", "input_output")}
        given["problem"] = {"question": statement["problem"], "problem_id": number, **statement}
        given["problem"].pop("problem")
        given["improved_claude_solution"] = "print(3)"
    librarybench.write_text(json.dumps({"problems": rows}))
    assert command("problems=file", f"problems.path={librarybench}", f"runs={tmp_path}", "name=run", "search_s=3") == 0
    found = json.loads((tmp_path / "run" / "improved_solutions.json").read_text())["problems"]
    for place, row in enumerate(found):
        assert f"place = {place}" in row["improved_o3_mini_solution"] != row["o3_mini_solution"]
        assert "+ 1" in row["improved_claude_solution"]
        assert "improved_improved_claude_solution" not in row
    assert read_json(tmp_path / "run" / "summary.json")["total"] == 6
