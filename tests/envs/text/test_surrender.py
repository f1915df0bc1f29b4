"""The one word that gives up is found however models dress it, and nowhere else."""

import pytest

from envs.text import is_surrender


@pytest.mark.parametrize(
    "text",
    [
        "surrender", " Surrender\n", "SURRENDER.", "`surrender`", '"surrender"', "**surrender**", "```\nsurrender\n```",
        "<answer>surrender</answer>", "I cannot do it.\n<answer>\nsurrender\n", "<think>Too hard.</think>\n\nsurrender",
        "<think>x = 1</think><answer>`Surrender`.</answer>", "Too hard.</think>surrender",
    ],
)  # fmt: skip
def test_the_word_alone_gives_up(text):
    assert is_surrender(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "I surrender", "surrender()", "# surrender", "surrender = 1\n", "def surrender():\n    pass\n", "<think>surrender",
        "<think>surrender</think>", "surrender\n```python\nprint(1)\n```", 'print("surrender")', "<answer></answer>surrender", "\0",
        "surrender\nsurrender",
    ],
)  # fmt: skip
def test_a_program_or_a_sentence_with_the_word_does_not(text):
    assert not is_surrender(text)
