"""What docs/models.md shows is so."""

import contextlib
import io
import json
import re
from pathlib import Path

import pytest

from agents.models import COMBINATIONS, configuration
from agents.models.__main__ import main
from agents.models.configuration import SETTINGS
from agents.models.practice_server import PracticeServer

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "models.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```", PAGE, re.S | re.M)


def rows(heading):
    part = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    return [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("| ")][1:]


@pytest.mark.parametrize(("code", "shown"), EXAMPLES, ids=["models", "settings", "tests"])
def test_the_example_prints_what_is_shown_below_it(code, shown):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "models.md", "exec"), {"__name__": "__main__"})
    assert printed.getvalue() == shown


def test_the_table_names_every_setting():
    shown = {name for row in rows("Settings") for name in re.findall(r"`(\w+)`", row[0])}
    assert shown == {name for names in SETTINGS.values() for name in names} | {
        "budget", "cache", "cache_limit_mb", "record", "price",
    }  # fmt: skip


def test_the_table_of_combinations_is_true():
    shown = {name.strip("`"): (model.strip("`"), test.strip("`")) for name, model, test in rows("Two models")}
    assert shown == {name: (COMBINATIONS[name].model, COMBINATIONS[name].test_model) for name in shown}
    assert len(shown) == 4


def test_every_name_that_is_shown_is_known():
    names = [name for row in rows("Names") for name in re.findall(r"`([^`]+)`", row[0])]
    assert len(names) > 15
    for name in names:
        assert configuration(name)["server"]


@pytest.mark.parametrize("command", ["list", "cost"])
def test_the_commands_print_tables_and_json(command, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert main([command]) == 0
    shown = capsys.readouterr().out
    assert "best-balance " in shown
    assert max(map(len, shown.splitlines())) <= 80
    assert main([command, "--json"]) == 0
    assert capsys.readouterr().out.startswith("{")


def test_the_command_asks_and_says_what_went_wrong(capsys):
    with PracticeServer(text="two") as server:
        given = ["--set", f"base_url={server.url}", "--set", "tries=1"]
        assert main(["ask", "vllm/x", "1 + 1?", *given]) == 0
        assert capsys.readouterr().out.startswith("two\n[x: 1 + 1 tokens (counted), $0.000000, ")
    assert main(["ask", "vllm/x", "1 + 1?", *given]) == 1
    assert "gave up" in capsys.readouterr().err
    assert main(["ask", "vlm/x", "?"]) == 2
    assert "did you mean 'vllm/x'" in capsys.readouterr().err


def test_a_reply_with_letters_that_no_terminal_knows_is_shown_all_the_same(capsys):
    with PracticeServer(text="half \ud83d of it") as server:
        assert main(["ask", "vllm/x", "?", "--set", f"base_url={server.url}"]) == 0
    assert capsys.readouterr().out.startswith("half \\ud83d of it\n[x: ")


def test_a_senseless_setting_is_one_sentence(capsys):
    assert main(["ask", "vllm/x", "?", "--set", "concurrency=abc"]) == 2
    said = capsys.readouterr().err
    assert said == (
        "error: model 'vllm/x': concurrency: expected a whole number from 1 up, got 'abc'; "
        "give one, such as concurrency=8\n"
    )


def test_the_two_cost_tables_are_both_printed(capsys):
    main(["cost", "--json"])
    totals = [round(row["total_usd"], 2) for row in json.loads(capsys.readouterr().out)["original"]]
    assert totals == [11.0, 4.0, 13.0, 33.0]
