"""What docs/environments.md and the tutorial say is true: fields, keywords, rewards, ends, and every snippet."""

import argparse
import importlib
import io
import re
import shlex
from contextlib import chdir, redirect_stdout
from dataclasses import fields
from pathlib import Path

import gymnasium
import pytest

from envs.__main__ import COMMANDS
from envs.codegen import rewards as codegen_rewards
from envs.commands.listing import summary
from envs.problems.__main__ import COMMANDS as PROBLEMS
from envs.registration import ENTRY_POINTS
from envs.repair.rewards import REWARDS
from envs.repairer.__main__ import COMMANDS as REPAIRER
from envs.repairer.strategies import STRATEGIES
from envs.testgen.adversary import Scene
from envs.testgen.opponents import MODES
from envs.testgen.rewards import PARTS

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "environments.md").read_text("utf-8")
TUTORIAL = (DOCS / "tutorials" / "train-your-own-agent.md").read_text("utf-8")
COMMON = {"problems", "sandbox", "workers", "render_mode"}


def section(title):
    return re.sub(r"(?<=\w)\n(?=`?\w)", " ", PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0])


def first_cells(text):
    """The code in the first cells of a section's tables."""
    rows = [line.split(" | ")[0] for line in text.splitlines() if line.startswith("| `")]
    return set(re.findall(r"`(\w+)`", " ".join(rows)))


def snippets(text):
    return re.findall(r"^```python\n(.*?)^```", text, re.S | re.M)


@pytest.mark.parametrize("name", ENTRY_POINTS)
def test_every_field_is_explained(name):
    text = section(name.removesuffix("-v0"))
    fields = set(summary(name)["observation"])
    if name == "TestGen-Adversarial-v0":
        assert fields - set(summary("TestGen-v0")["observation"]) == {"round"}
        assert "`round` in the place of `attempt`" in text
    else:
        assert fields <= first_cells(text)


@pytest.mark.parametrize("name", ENTRY_POINTS)
def test_every_keyword_is_explained(name):
    own = set(summary(name)["keywords"]) - COMMON
    if name == "Repair-Strategy-v0":
        assert own - set(summary("Repair-v0")["keywords"]) == {"repairer"}
        assert "`repairer`" in section("Repair-Strategy")
        return
    text = section(name.removesuffix("-v0"))
    told = first_cells(text) | (first_cells(section("TestGen")) if "those of `TestGen-v0`" in text else set())
    assert own <= told
    assert first_cells(section("What all have in common")) >= COMMON


@pytest.mark.parametrize("name", ENTRY_POINTS)
def test_every_key_of_info_is_explained(name):
    env = gymnasium.make(
        name, problems="carries_in_base", **({} if name == "CodeGen-Adversarial-v0" else {"bugs": "human"})
    )
    _, at_reset = env.reset(seed=0)
    ends, seen = False, set(at_reset)
    while not ends:
        _, _, terminated, truncated, info = env.step(env.action_space.sample())
        ends = terminated or truncated
        seen |= set(info)
    env.close()
    told = section("What all have in common")
    assert [key for key in seen if f"`{key}`" not in told and f'info["{key}"]' not in told] == []


def test_every_reward_strategy_mode_part_and_command_is_explained():
    assert set(REWARDS) <= first_cells(section("Repair"))
    assert [*re.findall(r"^\| (\d) \| `(\w+)` \|$", PAGE, re.M)] == [(str(n), s) for n, s in enumerate(STRATEGIES)]
    assert {*MODES, *(field.name for field in fields(Scene))} <= first_cells(section("TestGen-Adversarial"))
    assert {*PARTS, "spared"} <= first_cells(section("TestGen"))
    assert set(codegen_rewards.PARTS) <= first_cells(section("CodeGen-Adversarial"))
    assert set(re.findall(r"^\| `python -m envs (\w+)", PAGE, re.M)) == set(COMMANDS)


def test_boxes_have_the_sizes_that_the_page_says():
    shown = dict(re.findall(r"^\| `(\w+)` \| (?:Box|Discrete)\((\d+)\) \|", section("Repair-Strategy"), re.M))
    spaces = summary("Repair-Strategy-v0")["observation"]
    assert shown == {name: "11" if name == "error" else text.split()[0] for name, text in spaces.items()}


def test_every_snippet_of_the_page_prints_what_is_shown_below_it(capsys, tmp_path):
    pairs = re.findall(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```", PAGE, re.S | re.M)
    assert [code for code, _ in pairs] == snippets(PAGE)
    for code, shown in pairs:
        with chdir(tmp_path):  # one of them writes a file
            exec(compile(code, "environments.md", "exec"), {})
        assert capsys.readouterr().out == shown


def test_the_tutorial_prints_what_it_shows():
    names, printed = {}, io.StringIO()
    with redirect_stdout(printed):
        exec(compile("\n".join(snippets(TUTORIAL)), "train-your-own-agent.md", "exec"), names)
    [shown] = re.findall(r"^```text\n(.*?)^```", TUTORIAL, re.S | re.M)
    assert printed.getvalue() == shown
    agent = re.search(r"(?<=\n)class Collector.*?(?=```)", TUTORIAL, re.S)
    assert agent is not None
    assert len([line for line in agent[0].splitlines() if line]) <= 22


MODULES = [*map(importlib.import_module, [*COMMANDS.values(), *PROBLEMS.values()]), *REPAIRER.values()]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_help_explains_every_argument_and_gives_an_example_that_is_one(module):
    parser = argparse.ArgumentParser()
    module.configure(parser)
    parser.parse_args(shlex.split(module.EXAMPLE))
    assert [each.dest for each in parser._actions if not each.help] == []
