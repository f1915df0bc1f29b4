"""`--help`: the settings, what they are now, and what they mean."""

import re

import pytest

from agents.bandits.registry import KINDS
from agents.explained import COLUMN, NARROWEST, help_of
from agents.repair.settings import register
from agents.settings import register_schemas
from envs.repair.features import space


@pytest.fixture(autouse=True)
def schemas(monkeypatch):
    register_schemas()
    register()
    monkeypatch.setenv("COLUMNS", "100")


def explained(text, key):
    """What stands behind a key, the lines that go on included."""
    found = re.search(rf"^ *{key}:.*?# (.*(?:\n {{{COLUMN}}}# .*)*)", text, re.M)
    return re.sub(r"\n +# ", " ", found[1]) if found else ""


def test_what_a_schema_and_what_a_file_says_of_a_setting_stands_behind_it():
    text = help_of("train", [])
    assert explained(text, "held_out") == "How many bugs of the test problems the result is measured on."
    assert explained(text, "train") == "what is learnt from"
    assert explained(text, "resume") == "The directory of an interrupted run that is to go on."
    assert "agent: bandit, grpo, ppo" in text
    assert set(re.findall(r"\w+", explained(text, "kind"))) >= KINDS.keys()
    assert set(re.findall(r"\w+", explained(text, "context"))) >= space(1).spaces.keys()


def test_it_is_about_the_configuration_that_the_words_choose():
    text = help_of("train", ["agent=grpo", "env=testgen", "agent.groups=3", "-m"])
    assert explained(text, "groups") == "different starts in a step"
    assert "  groups: 3 " in text
    assert explained(text, "rank") == "0 trains all weights"
    assert explained(text, "answer") == "who says what a right program answers: the agent, or the references"
    assert "hydra:" not in text
    assert "  kind: linucb" in help_of("train", ["-m", "agent.kind=thompson,ucb1"]), "a sweep has no one value"


def test_a_setting_without_a_default_is_shown_as_such():
    assert "  path: ???" in help_of("train", ["problems=file"])


@pytest.mark.parametrize("command", ["train", "repair"])
def test_no_line_of_the_settings_is_wider_than_the_page(command, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    settings = help_of(command, []).partition("key=value")[2].splitlines()
    assert max(map(len, settings[2:-1])) <= NARROWEST


def test_every_setting_of_the_repair_command_whose_name_does_not_say_it_is_explained():
    text = help_of("repair", [])
    for key in ("served_as", "least", "store", "rex_c", "search_s", "attempts", "price", "correlation"):
        assert explained(text, key), key
