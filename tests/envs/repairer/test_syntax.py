"""Texts that do not parse are made to, by few changes."""

import pytest

from envs.repairer.syntax import complaint, mended

GOOD = "def solve(a):\n    total = 0\n    for x in a:\n        if x == 1:\n            total += x\n    return total\n"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("for x in a:", "for x in a"),
        ("if x == 1:", "if x = 1:"),
        ("if x == 1:", "if (x == 1:"),
        ("    return total", "    retrun total"),
        ("    return total", "  return total"),
        ("def solve(a):", "def solve(a:"),
        ("            total += x", "        total += x"),
        ("if x == 1:", "if x == 1 {"),
        ("if x == 1:", "if x === 1:"),
    ],
)
def test_a_small_slip_is_mended_in_one_change(right, wrong):
    broken = GOOD.replace(right, wrong)
    assert complaint(broken)
    found = mended(broken)
    assert GOOD in {each.source.replace("1 :", "1:").replace("(x == 1)", "x == 1") for each in found}
    assert all(complaint(each.source) is None for each in found)


def test_several_slips_are_mended_one_after_another():
    broken = GOOD.replace("for x in a:", "for x in a").replace("x == 1", "x = 1").replace("return", "retrun")
    found = mended(broken)
    assert [each.changes for each in found if each.source == GOOD] == [3]


def test_other_languages_are_understood():
    broken = (
        "def f(x):\n    if x > 1 && !done {\n        x++\n    } \n    else if x < 3:\n        x = 1;\n    return x\n"
    )
    found = mended(broken)
    assert found
    assert "elif x < 3" in found[0].source
    assert "not done" in found[0].source


def test_prose_around_a_program_is_left_out():
    assert mended(f"Here it is:\n```python\n{GOOD}```\nDone.")[0].source == GOOD


def test_what_parses_needs_no_mending():
    assert mended(GOOD) == []


def test_hopeless_text_gives_nothing_or_something_that_parses():
    for text in ("\0\0", "(" * 250, "))))", "'" * 7, "if" * 50, "\\\n" * 9, "é" * 100, "x = (" * 50):
        assert all(complaint(each.source) is None for each in mended(text))
