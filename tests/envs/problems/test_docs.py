"""What docs/problems.md says is true: its fields, kinds, snippets and counts."""

import re
import tomllib
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

import pytest

from envs.problems import load_suite
from envs.problems.commands.chart import tier_chart
from envs.problems.commands.stats import HEAD, write_docs
from envs.problems.grammar import parse_grammar
from envs.problems.grammar.parse import KINDS
from envs.problems.prove import COMMON_ANSWER, DRAWN, LEAST_INPUTS, WRONG_CPU_S
from envs.problems.records import FIELDS

PAGE = Path(__file__).parents[3] / "docs" / "problems.md"
TEXT = PAGE.read_text()


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.S)


def rows_of(title):
    """The first cells of the table below a heading."""
    part = TEXT.split(f"## {title}\n")[1].split("\n## ")[0]
    return " ".join(line.split(" | ")[0] for line in part.splitlines() if line.startswith("| "))


def test_every_field_is_explained():
    assert set(re.findall(r"`(\w+)`", rows_of("Fields").split("| form")[0])) == set(FIELDS)


def test_the_limits_of_a_proof_are_those_that_hold():
    part = TEXT.split("## What `check` asks of a problem\n")[1].split("\n## ")[0]
    for said in (
        f"{DRAWN} are drawn",
        f"at least {LEAST_INPUTS} different",
        f"most {COMMON_ANSWER:.0%}".replace("%", " %"),
    ):
        assert said in part
    assert f"within {WRONG_CPU_S} s" in part


def test_every_kind_of_value_is_explained():
    explained = set(re.findall(r"`(\w+)\(", rows_of("The grammar language")))
    assert explained == set(KINDS)


@pytest.mark.parametrize("text", blocks("toml"))
def test_the_grammars_shown_are_grammars(text):
    shown = tomllib.loads(text)
    assert parse_grammar(shown["grammar"], shown.get("layout")).fields


@pytest.mark.parametrize("text", blocks("python"))
def test_the_python_shown_runs(text):
    exec(compile(text, str(PAGE), "exec"), {})


def test_the_table_counts_the_suite():
    table = TEXT.split("<!-- suite:begin -->")[1].split("<!-- suite:end -->")[0]
    cells = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")]
    assert cells[0] == list(HEAD)
    shown = {family: int(count) for family, _, count, *_ in cells[1:-1]}
    assert shown == Counter(problem.family for problem in load_suite())


def test_the_page_is_rewritten_between_its_marks(tmp_path):
    page = tmp_path / "problems.md"
    page.write_text("# Before\n<!-- suite:begin -->\nold\n<!-- suite:end -->\nafter\n")
    problems = load_suite(families=["strings"])
    tiers = {"strings": Counter(easy=3, hard=1)}
    write_docs(problems, tiers, tmp_path)
    once = page.read_text()
    write_docs(problems, tiers, tmp_path)
    assert page.read_text() == once
    assert once.startswith("# Before\n<!-- suite:begin -->\n| family |")
    assert once.endswith("<!-- suite:end -->\nafter\n")
    assert "| 4 | 3 | 0 | 1 | 0 |" in once
    assert "old" not in once


def test_a_page_without_marks_is_left_alone(tmp_path):
    (tmp_path / "problems.md").write_text("no marks\n")
    with pytest.raises(ValueError, match="must hold <!-- suite:begin -->"):
        write_docs([], {}, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["problems.md"]


def test_the_bars_of_the_picture_are_as_long_as_their_counts():
    picture = ElementTree.fromstring(tier_chart({"a": {"easy": 30, "hard": 10}, "b": {"extreme": 20}}))
    bars = [each for each in picture.iter() if each.tag.endswith("rect") and len(each)]
    width = {each[0].text: float(each.get("width")) for each in bars}
    assert width["a: 30 easy"] == pytest.approx(3 * width["a: 10 hard"], abs=0.2)
    assert width["b: 20 extreme"] == pytest.approx(2 * width["a: 10 hard"], abs=0.2)
    assert width["a: 0 medium"] == 0
