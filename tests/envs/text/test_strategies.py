"""The numbers of `Repair-Strategy-v0` as lines, and a strategy out of what a model writes."""

import numpy as np
import pytest

from envs.repair import features
from envs.repairer.strategies import MEANING, STRATEGIES
from envs.text import Misread, messages, read_strategy
from sandbox import Verdict

STATE = features.nothing(len(STRATEGIES)) | {
    "error": np.int64(features.ERRORS.index("IndexError")),
    "verdicts": np.array([0.25 * (verdict in (Verdict.PASS, Verdict.WRONG)) for verdict in Verdict], np.float32),
    "tried": np.eye(len(STRATEGIES), dtype=np.float32)[3],
    "last_reward": np.array([-0.1], np.float32),
}


def test_a_model_is_told_every_strategy_with_its_number_and_meaning():
    system, user = messages(STATE)
    assert (system["role"], user["role"]) == ("system", "user")
    for number, name in enumerate(STRATEGIES):
        assert f"\n{number} {name}: {MEANING[name]}\n" in system["content"]


def test_a_model_is_told_what_the_numbers_are():
    lines = messages(STATE)[1]["content"].split("\n")
    assert len(lines) == len(features.FEATURES)
    assert "Verdicts on the tests: pass 0.25, wrong 0.25" in lines
    assert "First exception: IndexError" in lines
    assert "Strategies tried: syntax_check 1.00" in lines
    assert "Wrong answers are: none" in lines
    assert "Reward of the last attempt: -0.10" in lines


def test_the_compact_style_is_the_numbers():
    assert messages(STATE, "compact") == messages(STATE)[1:]


def test_every_sample_of_the_space_makes_messages():
    space = features.space(len(STRATEGIES))
    space.seed(5)
    for _ in range(20):
        assert len(messages(space.sample())[1]["content"].split("\n")) == len(features.FEATURES)


@pytest.mark.parametrize(
    "form",
    [
        "{name}", "{number}", " {name}\n", "`{name}`", "**{name}**.", '"{name}"', "```\n{name}\n```", "{number}.", "{number} {name}",
        "{number}: {name}", "Strategy: {name}", "strategy {number}", "<answer>{name}</answer>", "<think>default</think>{number}",
        "It crashes, so:\n\n{name}",
    ],
)  # fmt: skip
@pytest.mark.parametrize("number", [0, 3, 9])
def test_a_strategy_is_read_by_name_and_by_number(form, number):
    name = STRATEGIES[number]
    assert read_strategy(form.format(name=name, number=number)) == number
    assert read_strategy(form.format(name=name.upper().replace("_", " "), number=number)) == number


REFUSED = {
    "": "the answer is empty",
    "<think>3": "the answer was cut off",
    "sintax_check": "`sintax_check` is not a strategy; did you mean syntax_check?",
    "10": "`10` is not a strategy; write one of default, ",
    "-1": "or its number from 0 to 9",
    "\u0663": "is not a strategy",
    "3 default": "is not a strategy",
    "I would take default or syntax_check here": "is not a strategy",
    "9" * 10_000: "is not a strategy",
    "\0\ud800": "is not a strategy",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_strategy_is_refused_with_the_reason(text):
    found = read_strategy(text)
    assert isinstance(found, Misread)
    assert REFUSED[text] in found.reason
