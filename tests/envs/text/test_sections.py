"""Sections of scripts: where a value begins and ends; in doubt it is refused, for nothing may slip into it."""

import pytest

from envs.text import Misread, TestCase, read_test, read_tests

SIX = TestCase(("3\n",), "6\n")

FORMS = {
    "on the heading's line": "Input: 3\nOutput: 6",
    "on one line": "Input: 3 Output: 6",
    "on one line with a comma": "Input: 3, Output: 6",
    "on one line with an arrow": "Input: 3 -> Expected Output: 6",
    "on one line in Markdown": "**Input:** `3` **Output:** `6`",
    "on one line with a reason": "Input: 3 Output: 6\n\nThis tests the doubling of a number.",
    "inline code": "Input: `3`\nOutput: `6`",
    "code beside the heading": "`Input:` 3\n`Output:` 6",
    "fences by name": "```input\n3\n```\n```output\n6\n```",
    "fences by name between words": "The input:\n```input\n3\n```\nand what is expected\n```output\n6\n```\nThat is it.",
    "fences by longer names": "```sample_input\n3\n```\n```expected-output\n6\n```",
    "fences of stdin and stdout": "```stdin\n3\n```\n\n```stdout\n6\n```",
    "fences below headings": "Input:\n```\n3\n```\nOutput:\n```\n6\n```",
    "fences beside headings": "Input: ```\n3\n```\nOutput: ```text\n6\n```",
    "fences behind sentences": "Input:\nThis is given:\n```\n3\n```\nOutput:\nThe program prints:\n```\n6\n```",
    "headings inside of fences": "```\nInput:\n3\n```\n```\nOutput:\n6\n```",
    "a fence below the value": "Input: 3\nOutput: 6\n```python\nprint(7)\n```",
    "prose behind the output": "Input:\n3\nOutput:\n6\n\nThis tests the ...",
    "prose behind the input": "Input:\n3\n\nHere the number is small.\n\nOutput:\n6",
    "prose in paragraphs": "Input:\n3\nOutput:\n6\n\nThis tests the doubling.\n\nEvery number has a double.",
    "an explanation": "Input:\n3\nOutput:\n6\nExplanation: 3 * 2 = 6",
    "a note": "Input:\n3\nOutput:\n6\nNote that 6 is even.",
    "tags": "<input>3</input><output>6</output>",
    "tags with blanks": "<input> 3</input>\n<output> 6</output>",
    "a tag that a stop sequence left open": "<input>3</input><output>6\n\nThis is because 6 is the double.",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_value_is_nothing_but_the_value(form):
    assert read_test(FORMS[form], "stdin") == SIX


KEPT = {
    "Input:\n  3\n 4\nOutput:\n  6": ("  3\n 4\n", "  6\n"),
    "Input:\n3\nOutput:\nYES\n\nNO": ("3\n", "YES\n\nNO\n"),
    "Input:\n1 2\n\n3 4\nOutput:\n1\n\n2\n\nThis tests blocks of lines.": ("1 2\n\n3 4\n", "1\n\n2\n"),
    "Input:\n3\nOutput:\n```\n6\n\nThis tests it.\nNote: 7\n```": ("3\n", "6\n\nThis tests it.\nNote: 7\n"),
    "Input:\n```\n\n  3\n```\nOutput:\n```\nResult: 6\n```": ("\n  3\n", "Result: 6\n"),
    "<input>\n  3\n</input><output>\n6\n\nThis is all.\n</output>": ("  3\n", "6\n\nThis is all.\n"),
    "Input: a Output: b\nOutput: c": ("a Output: b\n", "c\n"),
    "Input:\nnote 5\nOutput:\nhello big world": ("note 5\n", "hello big world\n"),
    "Input:\n```\n3\n```\nOutput:\n```\n```": ("3\n", ""),
}


@pytest.mark.parametrize("text", KEPT)
def test_what_belongs_to_a_value_stays(text):
    given, expected = KEPT[text]
    assert read_test(text, "stdin") == TestCase((given,), expected)


DOUBTFUL = {
    "Input:\n3\nOutput:\n6\n\nThe program doubles its input.": "`The program doubles its input.`",
    "Input:\n3\nOutput:\n6\n\nThis tests the doubling.\n\n7": "`7`",
    "Input:\n3\nOutput:\nThis is six.\n\nThis tests the doubling.": "`This tests the doubling.`",
    "Input:\nbig red house\n\nsmall red door\nOutput:\n6": "`small red door`",
    "Input:\n3\nOutput:\n6\n\nAs code:\n```python\nprint(6)\n```": "`As code:`",
    "Input:\n3\nOutput:\nand what it prints\n```\n6\n```": "`and what it prints`",
}


@pytest.mark.parametrize("text", DOUBTFUL)
def test_what_may_belong_to_a_value_or_not_is_refused_with_a_better_form(text):
    found = read_test(text, "stdin")
    assert isinstance(found, Misread)
    assert f"whether {DOUBTFUL[text]} belongs to the value cannot be told; put each value in a fence" in found.reason


def test_tests_on_lines_of_their_own_are_many():
    text = "Input: 3 Output: 6\nInput: 4 Output: 8"
    assert read_tests(text, "stdin") == [SIX, TestCase(("4\n",), "8\n")]


def test_a_test_of_a_function_may_stand_on_one_line():
    signature = "def f(a: list[int], k: int) -> int"
    for text in ("Input: a = [1, 2], k = 3 Output: 5", "Input: [1, 2], 3, Output: 5 (the sum)"):
        assert read_test(text, "function", "f", signature) == TestCase(([1, 2], 3), 5)
    fences = "```input\n[1, 2], 3\n```\n```output\n5\n```"
    assert read_test(fences, "function", "f", signature) == TestCase(([1, 2], 3), 5)


def test_an_input_alone_may_stand_in_a_fence_of_its_name():
    assert read_test("So:\n```input\n3\n```", "stdin", answer_needed=False) == TestCase(("3\n",))
