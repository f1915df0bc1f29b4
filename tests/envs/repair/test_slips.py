"""Slips of the keyboard: what they do to a program, and how an episode comes to have one."""

from __future__ import annotations

import ast
import time
from random import Random

import gymnasium
import pytest

import envs
from envs.repair.slips import BROKEN, UNKNOWN, slipped, slips

PROGRAM = """import math

def area(width, height):
    if width == 0 or height == 0:
        return "none"
    return math.fabs(width * height)
"""

assert envs


def parses(source: str) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


@pytest.mark.parametrize("kind", [*BROKEN, *UNKNOWN])
def test_every_kind_of_slip_does_what_it_says(kind: str) -> None:
    mine = {name: text for name, text in slips(PROGRAM).items() if name.startswith(kind)}
    assert mine
    for text in mine.values():
        assert text != PROGRAM
        assert parses(text) == (kind in UNKNOWN)


def test_a_misspelt_name_is_one_that_is_not_there() -> None:
    text = slips(PROGRAM)["name-6"]
    assert "math.fabs(wdith * height)" in text or "amth.fabs" in text or "mtah.fabs" in text


def test_a_name_that_is_there_is_no_slip_nor_is_an_import_that_nobody_uses() -> None:
    found = slips("from __future__ import annotations\nimport math\ndef f(abc, acb):\n    return abc\n")
    assert not [name for name in found if name.startswith(("name-4", "import"))]


def test_a_text_that_does_not_parse_has_no_slip() -> None:
    assert slips("a = 1\rb = a\rprint(b)\r") == {}
    assert slips("def f(:") == {}
    assert slipped("def f(:", Random(0)) == ("", "")


ODD = [
    'text = """one"""\nother = """two"""\nprint(text, other)\n',
    "text = '''\n@wraps\n# '''\ndef told():\n    return text\n",
    "first = 1; \\\nimport math\nmath.pi\n\n@ \\\n staticmethod\ndef f(a):\n    return [a]\n",
    "if True:\n    x = [1,\n2]\nelse:\n    x = (3)\n\n# the end)\nimport re; y = '''\nre'''\nre.sub\n",
]


@pytest.mark.parametrize("source", [PROGRAM, *ODD, "".join(ODD)])
def test_whatever_a_line_belongs_to_a_slip_of_it_is_one_of_the_whole_text(source: str) -> None:
    """Only the statement of the line is parsed, where that is enough."""
    found, lines = slips(source), source.split("\n")
    for kind, damage in BROKEN.items():
        for place, line in enumerate(lines):
            text = "\n".join([*lines[:place], damage(line), *lines[place + 1 :]])
            assert found.get(f"{kind}-{place + 1}") == (None if parses(text) else text)
    assert all(parses(text) for name, text in found.items() if name.startswith(UNKNOWN))


def test_a_slip_is_drawn_from_all_of_its_kind() -> None:
    """The same seed draws the same one as ever, though only those of its kind are made."""
    found = slips(PROGRAM)
    for seed in range(20):
        chance, again = Random(seed), Random(seed)
        kind = chance.choice(sorted({name.partition("-")[0] for name in found}))
        name = chance.choice([name for name in found if name.startswith(f"{kind}-")])
        assert slipped(PROGRAM, again) == (name, found[name])
        assert again.random() == chance.random()


def test_a_slip_of_a_long_program_is_drawn_at_once() -> None:
    source = "".join(f"def f{number}(a, b):\n" + "    total = (a + b)\n" * 20 for number in range(15))
    began = time.process_time()
    name, _ = slipped(source, Random(0))
    assert name
    assert time.process_time() - began < 1


def test_a_share_of_the_episodes_has_a_slip_and_its_id_brings_the_same_program_back() -> None:
    env = gymnasium.make("Repair-v0", slips=0.5, problems="train")
    ids = [env.reset(seed=seed)[1]["bug"] for seed in range(24)]
    with_slip = [name for name in ids if "~" in name]
    assert 4 <= len(with_slip) <= 20
    again, info = env.reset(seed=99, options={"bug": with_slip[0]})
    assert info["bug"] == with_slip[0]
    plain, _ = env.reset(seed=99, options={"bug": with_slip[0].partition("~")[0]})
    assert again["code"] != plain["code"]


def test_without_slips_there_are_none() -> None:
    env = gymnasium.make("Repair-v0", problems="train")
    assert not any("~" in env.reset(seed=seed)[1]["bug"] for seed in range(8))


@pytest.mark.parametrize("share", [-0.1, 1.5, True, "many"])
def test_a_share_that_is_none_is_refused(share: object) -> None:
    with pytest.raises(ValueError, match="slips"):
        gymnasium.make("Repair-v0", slips=share)


def test_an_unknown_slip_gets_a_guess() -> None:
    env = gymnasium.make("Repair-v0", problems="carries_in_base")
    bug = env.reset(seed=1)[1]["bug"]
    with pytest.raises(ValueError, match="has no slip 'colom-"):
        env.reset(options={"bug": f"{bug}~colom-1"})


def test_a_program_that_parses_again_is_gone_on_from_even_if_it_passes_nothing() -> None:
    env = gymnasium.make("Repair-v0", problems="carries_in_base")
    env.reset(seed=1, options={"program": "def count_carries(a, b, base)\n    return -1\n"})
    observation, *_ = env.step("def count_carries(a, b, base):\n    return -1\n")
    assert observation["code"].startswith("def count_carries(a, b, base):")
