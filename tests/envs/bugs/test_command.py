"""`python -m envs.problems bugs` in a terminal and for machines."""

import json
from dataclasses import replace

import pytest

from envs.problems import Reference
from envs.problems.__main__ import main
from envs.problems.bugs import load_pool
from envs.problems.bugs.pool import BugPool
from envs.problems.bugs.show import audit_view, counts_view, figures
from envs.problems.records import problem_to_record


@pytest.fixture
def file(tmp_path, monkeypatch, balance, box):
    monkeypatch.setenv("SPARRING_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "100")
    load_pool(balance, box)
    path = tmp_path / "balance.jsonl"
    path.write_text(json.dumps(problem_to_record(balance)) + "\n")
    return str(path)


def test_bugs_are_shown_with_their_diff_mistake_and_witness(file, capsys):
    assert main(["bugs", file, "--limit", "4"]) == 0
    text = capsys.readouterr().out
    assert "balance" in text
    assert "exposed by" in text
    assert "+" in text
    for tier in ("easy", "medium", "hard", "extreme"):
        assert tier in text


def test_bugs_of_one_tier_and_operator_can_be_asked_for(file, capsys):
    assert main(["bugs", file, "--json", "--tier", "hard", "--operator", "rare-input", "--limit", "3"]) == 0
    [facts] = json.loads(capsys.readouterr().out)
    assert facts["problem"] == "balance"
    assert facts["bugs"] == sum(facts["tiers"].values()) > 30
    assert 1 <= len(facts["shown"]) <= 3
    for bug in facts["shown"]:
        assert bug["tier"] == "hard"
        assert bug["operators"] == ["rare-input"]
        assert bug["diff"].startswith("@@")
        assert 0.02 <= bug["rate"] < 0.1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["pack_runs", "--operator", "rare-inputs"], "there is no 'rare-inputs'; did you mean 'rare-input'?"),
        (["--tier", "hard"], "name some"),
        (["--operator", "human"], "name some"),
    ],
)
def test_a_wish_that_would_be_passed_over_is_refused(capsys, arguments, said):
    assert main(["bugs", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_foreign_problem_without_bugs_is_told_and_does_not_stop_the_others(monkeypatch, tmp_path, capsys, balance):
    monkeypatch.setenv("SPARRING_CACHE", str(tmp_path / "cache"))
    chance = Reference("chance", "import random\ndef balance(moves, floor):\n    return random.random()\n")
    foreign = {"exhaustive": {}, "unproved": ("references", "grammar", "cases")}
    problems = [
        replace(balance, **foreign, id="good", references=balance.references[:1]),
        replace(balance, **foreign, id="odd", references=(chance,), wrong=()),
    ]
    path = tmp_path / "some.jsonl"
    path.write_text("".join(json.dumps(problem_to_record(problem)) + "\n" for problem in problems))
    assert main(["bugs", str(path), "--json"]) == 0
    said = capsys.readouterr()
    good, odd = json.loads(said.out)
    assert good["bugs"] > 10
    assert odd["bugs"] == 0
    assert "1 of 2 problems have no bugs, such as odd: the reference answers" in said.err


def test_an_audit_says_how_many_cells_it_ran(file, capsys):
    assert main(["bugs", file, "--audit", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["ok"] is True
    assert facts["cells"] > 50
    assert facts["differences"] == []


def test_an_unknown_problem_is_refused(capsys):
    assert main(["bugs", "no_such_problem"]) == 2
    assert "no_such_problem" in capsys.readouterr().err


def test_figures_of_no_bugs_are_zero():
    assert figures([]) == {"bugs": 0, "tiers": {"easy": 0, "medium": 0, "hard": 0, "extreme": 0}}


def test_the_table_of_counts_adds_up(box, balance, tmp_path):
    pool = load_pool(balance, box, tmp_path)
    table = counts_view([balance, balance], [pool, BugPool("balance", (), 0, b"")])
    assert table.title == f"{len(pool.bugs)} bugs"
    assert table.row_count == 2 + 2  # what they come to


def test_an_audit_without_differences_says_so():
    assert "none differs" in str(audit_view(7, []))
