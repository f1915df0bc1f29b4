"""No string makes reading raise, and none makes it take long or much memory."""

import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envs.spaces import UnicodeText
from envs.text import (
    Misread,
    TestCase,
    describe_case,
    is_surrender,
    read_change,
    read_diff,
    read_program,
    read_strategy,
    read_test,
    read_tests,
)

SIGNATURE = "def solve(nums: list[int], k: int = 1) -> int"
CURRENT = "def solve(nums, k):\n    total = k\n    for n in nums:\n        total -= n\n    return total\n" * 5
MOST_S = 2.0
"""CPU seconds for all readers together; most texts take a thousandth of it."""
MOST_MB = 100


def read_all(text):
    """Everything that can be read out of a text, each answer checked for its type."""
    tests = [
        read_test(text, "function", "solve", SIGNATURE),
        read_test(text, "function", "Solution.solve", "", answer_needed=False),
        read_test(text, "function", "solve", "def solve(text: str = 'x') -> str"),
        *read_tests(text, "stdin"),
        *read_tests(text, "stdin", answer_needed=False),
    ]
    programs = [
        read_program(text, "solve"),
        read_program(text),
        read_diff(text, CURRENT),
        read_change(text, CURRENT, "solve"),
    ]
    assert isinstance(read_strategy(text), int | Misread)
    assert isinstance(is_surrender(text), bool)
    for found in tests:
        assert isinstance(found, TestCase | Misread)
        assert isinstance(found, Misread) or "\\ud8" not in ascii((found.args, found.expected))
    for found in programs:
        assert isinstance(found, str | Misread)
    space = UnicodeText(2000)
    assert all(each.reason in space for each in (*tests, *programs) if isinstance(each, Misread))
    return tests


def call(inside):
    return f"assert solve({inside}) == 1"


NASTY = {
    "ten million characters": "a" * 10_000_000,
    "a million brackets": "(" * (1 << 20),
    "a million backticks": "`" * (1 << 20),
    "many fences": "```\n" * 30_000,
    "many answer tags": "<answer>" * 20_000,
    "many closed thoughts": "</think>" * 20_000,
    "a million line ends": "\n" * (1 << 20),
    "open brackets": "[" * 99_000,
    "open brackets in a call": "assert solve(" + "[" * 90_000,
    "signs": call("-" * 90_000 + "1"),
    "sums": call("1+" * 40_000 + "1"),
    "deep sums": call("1+(" * 150 + "1" + ")" * 150),
    "nots": "assert " + "not " * 20_000 + "solve(1)",
    "attributes": call("a" + ".a" * 40_000),
    "tower of powers": call("9**9**9"),
    "taller tower of powers": call("9**9**9**9**9"),
    "negative power": call("0.0 ** -1"),
    "float power": call("9.0 ** 9999"),
    "huge number": call("9" * 90_000),
    "huge number in base 16": call("0x" + "f" * 90_000),
    "huge list": call("[[[[0] * 1000] * 1000] * 1000] * 1000"),
    "huge string": call("'a' * 10**90"),
    "doubled names": "a = [0] * 1000\n" + "a = [a, a]\n" * 60 + call("a"),
    "huge range": call("list(range(10**12))"),
    "endless range": call("list(range(-2**70, 2**70))"),
    "numbers that collide in a set": call("{" + ",".join(str(place * (2**61 - 1)) for place in range(4_000)) + "}"),
    "range of collisions": call("set(range(0, (2**61 - 1) * 50000, 2**61 - 1))"),
    "formatted string": call("'%1000000000d' % 5"),
    "f-string": call("f'{9**9**9}'"),
    "comprehension": call("[n for n in range(10**9)]"),
    "lambda": call("lambda: 1"),
    "assignment inside": "assert (x := solve(1)) == 1",
    "dots": call("..."),
    "complex": call("1j"),
    "complex root": call("(-8) ** 0.5"),
    "division by zero": call("1 / 0"),
    "list as key": call("{[]: 1}"),
    "long list": call("[" + "1," * 15_000 + "]"),
    "deep tuple": call("(" * 150 + "1" + ",)" * 150),
    "bad escape": "assert solve('\\d') is 1",
    "unclosed string": "assert solve('" + "a" * 90_000,
    "unclosed strings": 'assert """\n' * 8_000,
    "unclosed asserts": "assert solve([1) == 1\n" * 4_000,
    "half a character": "\ud800" * 1_000,
    "half a character in a literal": call("'\\ud800'"),
    "half a character in code": "def solve(nums, k):\n    return '\ud800'\n",
    "nul": "assert solve('\0') == 1\0",
    "nul in code": "def solve(nums, k):\n    return '\0'\n",
    "deep JSON": "[" * 50_000 + "]" * 50_000,
    "deep record": '{"input":' * 5_000 + "1" + "}" * 5_000,
    "braces": "{" * 99_000,
    "many records": '{"input": 1}' * 8_000,
    "huge number in JSON": '{"input": ' + "9" * 90_000 + ', "output": 1}',
    "JSON of no number": '{"input": [[NaN], Infinity], "output": NaN}',
    "half a character in JSON": '{"input": "\\ud800", "output": "\\udfff"}',
    "marks of plain data": '{"input": {"$bytes": "zz"}, "output": {"$dict": [[[1], 2]]}}',
    "many doctests": ">>> solve([1])\n" * 6_000,
    "doctests below long values": "".join(f">>> x{n} = [{'1,' * 380}]\n1\n" for n in range(20)) + ">>> a\n" * 700,
    "unclosed calls": "solve(" * 16_000,
    "many arrows": "solve(1) -> (((\n" * 6_000,
    "arrows on one line": "solve(1) == " * 1_000 + "1",
    "escaped quotes behind braces": "x " + "{" * 20 + '\\"' * 40_000,
    "a fence that ends in another": "~" * 200_000 + "`\n",
    "blanks behind a fence": "```" + " " * 200_000 + "`\n",
    "many headings": "Input:\n" * 14_000,
    "long heading": "#" * 99_000,
    "words of headings": "the test case " * 7_000,
    "tags": "<input>" * 14_000,
    "blanks on a heading's line": "Input: a" + " " * 90_000 + "x",
    "blanks below a heading": "Input:\n" + " " * 90_000 + "x\nOutput:\n6",
    "many paragraphs": "Input:\n3\nOutput:\n" + "6\n\n" * 30_000,
    "many headings in fences": "```\nInput:\n```\n" * 6_000,
    "many fences with names": "```input\n```\n" * 7_000,
    "changes of values": "x = [1]\nx.pop()\n" * 2_000,
    "nested blocks": "".join(" " * depth + "try:\n" for depth in range(90)) + " " * 90 + "assert solve(1) == 1",
    "many hunks": "@@ -1 +1 @@\n-    total = k\n+    total = 1\n" * 600,
    "long hunk": "@@ -1,1900 +1,1900 @@\n" + "         total -= n\n" * 1_900 + "-x\n",
    "hunks without lines": "@@ -1 +1 @@\n" * 1_900,
    "hunk far away": "@@ -9999999,9999999 +1 @@\n-    total = k\n+    total = 1",
    "deep program": "def solve(a):\n" + "".join(" " * depth + "if a:\n" for depth in range(1, 300)),
    "long program with an error": "x=1\n" * 8_000 + "(",
    "prose after code": "import a\n" + "it's\n" * 15_000,
}


@pytest.mark.parametrize("name", NASTY)
def test_nasty_text_is_read_or_refused_soon(name):
    began = time.process_time()
    read_all(NASTY[name])
    assert time.process_time() - began < MOST_S


def test_nasty_text_takes_little_memory():
    """A process of its own, since a peak never falls."""
    texts = [NASTY[name] for name in ("long list", "signs", "huge list", "many fences", "braces", "sums")]
    code = f"""
import resource
from envs.text import read_program, read_tests

before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for text in {texts!r}:
    read_tests(text, "function", "solve")
    read_program(text)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    done = subprocess.run([sys.executable, "-"], input=code, capture_output=True, text=True, check=True)
    assert int(done.stdout) < MOST_MB * 1024


pieces = st.sampled_from(
    (
        "assert solve([1, 2], 3) == 5", "solve(", ")", "[", "]", "{", "}", "'", '"', '"""', "\\", "#", "`", "```", "```python\n",
        "\n", " ", "    ", "\r\n", "\t", "\0", "\ud800", "é", "\u2028", "<answer>", "</answer>", "<think>", "</think>", ">>> ",
        "... ", "->", "==", "=", ",", ":", "Input:", "Output:", "<input>", "</input>", "<output>", '{"input": ', '"output": ',
        "1", "-", "**", "*", "1e999", "0x", "nan", "None", "def solve(nums, k):\n", "    return k\n", "class Solution:\n", "@@ -1,2 +1,2 @@",
        "@@", "\n-", "\n+", "\n ", "--- a\n", "+++ b\n", "total = k", "lambda", "for n in nums:", "range(", "float('inf')", "nums=",
    )
)  # fmt: skip


@given(st.lists(pieces | st.text(st.characters(), max_size=4), max_size=25).map("".join))
@settings(max_examples=250)
def test_no_text_made_of_the_right_pieces_makes_reading_raise(text):
    for found in read_all(text):
        if isinstance(found, TestCase) and found.answered:
            describe_case(found, "function", "solve")


def test_no_sample_of_the_space_makes_reading_raise():
    space = UnicodeText(3_000, seed=11)
    for _ in range(250):
        read_all(space.sample())


@pytest.mark.parametrize("text", [None, 1, b"assert solve(1) == 1", ["assert solve(1) == 1"]])
def test_what_is_no_text_at_all_is_refused(text):
    found = read_test(text, "function", "solve")
    assert isinstance(found, Misread)
    assert "not a text" in found.reason


def test_reading_deep_in_the_stack_does_not_raise():
    def sink(depth):
        return sink(depth - 1) if depth else read_all(call("[" * 50 + "]" * 50))

    for left in (150, 100, 70, 50, 40):
        sink(sys.getrecursionlimit() - len_of_stack() - left)


def len_of_stack():
    frame, depth = sys._getframe(), 0
    while frame:
        frame, depth = frame.f_back, depth + 1
    return depth
