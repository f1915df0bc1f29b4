"""Tests are read in the forms in which models write them; what cannot be read is refused with the reason."""

import pytest

from envs.text import NO_ANSWER, Misread, TestCase, read_test, read_tests

SIGNATURE = "def solve(nums: list[int], k: int = 1) -> int"
RIGHT = TestCase(([1, 2], 3), 5)


def read(text, signature=SIGNATURE, **keywords):
    return read_test(text, "function", "solve", signature, **keywords)


def script(text, **keywords):
    return read_test(text, "stdin", **keywords)


FORMS = {
    "assert": "assert solve([1, 2], 3) == 5",
    "assert the other way round": "assert 5 == solve([1, 2], 3)",
    "assert with a message": 'assert solve([1, 2], 3) == 5, "a sum"',
    "assert in brackets": "assert (solve([1, 2], 3) == 5)",
    "assert by name": "assert solve(k=3, nums=[1, 2]) == 5",
    "assert on several lines": "assert solve(\n    [1, 2],\n    3,\n) == 5",
    "fence": "```python\nassert solve([1, 2], 3) == 5\n```",
    "fence without a language": "Here it is:\n```\nassert solve([1, 2], 3) == 5\n```\nThis tests sums.",
    "fence that a stop sequence left open": "```python\nassert solve([1, 2], 3) == 5",
    "fence of tildes": "~~~python\nassert solve([1, 2], 3) == 5\n~~~",
    "answer block": "<answer>assert solve([1, 2], 3) == 5</answer>",
    "answer block that a stop sequence left open": "<answer>\nassert solve([1, 2], 3) == 5\n",
    "fence in an answer block": "<answer>\n```python\nassert solve([1, 2], 3) == 5\n```\n</answer>",
    "answer after thinking": "<think>solve([9]) == 9?</think>\nassert solve([1, 2], 3) == 5",
    "answer after thinking whose beginning was in the prompt": "assert solve([0]) == 0</think>assert solve([1, 2], 3) == 5",
    "inline code": "A good test is `assert solve([1, 2], 3) == 5` because of the sum.",
    "comment that ends in a backslash": "Tests:\nassert solve([1, 2], 3) == 5  # 1 + 2 \\\nThis tests sums.",
    "bullet": "Tests:\n- assert solve([1, 2], 3) == 5\n",
    "number": "1. `assert solve([1, 2], 3) == 5`",
    "test function": "def test_sum():\n    assert solve([1, 2], 3) == 5\n",
    "unittest": "class T(unittest.TestCase):\n    def test(self):\n        self.assertEqual(solve([1, 2], 3), 5)\n",
    "variables": "nums = [1, 2]\nk, expected = 3, 5\nresult = solve(nums, k)\nassert result == expected",
    "candidate": "def check(candidate):\n    assert candidate([1, 2], 3) == 5",
    "method": "assert Solution().solve([1, 2], 3) == 5",
    "bare comparison": "solve([1, 2], 3) == 5",
    "arrow": "solve([1, 2], 3) -> 5",
    "fat arrow": "Test: solve([1, 2], 3) => 5.",
    "unicode arrow": "`solve([1, 2], 3)` → `5`",
    "words": "solve([1, 2], 3) should return 5",
    "arrow and a reason": "solve([1, 2], 3) -> 5, because 1 + 2 + 3 is not 5",
    "doctest and a reason": ">>> solve([1, 2], 3)\n5\nThat is the sum.",
    "sections and a reason": "Input: [1, 2], 3\nOutput: 5 (the sum)",
    "comment": "print(solve([1, 2], 3))\nsolve([1, 2], 3)  # 5",
    "doctest": ">>> solve([1, 2], 3)\n5",
    "doctest with a variable": ">>> nums = [1, 2]\n>>> solve(nums, 3)\n5\n",
    "doctest far below its variable": ">>> nums = [1, 2]\n" + ">>> x = 0\n" * 30 + ">>> solve(nums, 3)\n5",
    "doctest with a list on several prompts": ">>> nums = [\n>>>     1, 2]\n>>> solve(nums, 3)\n5",
    "doctest with a function on several prompts": ">>> def test():\n>>>     assert solve([1, 2], 3) == 5",
    "doctest on several lines": ">>> solve(\n...     [1, 2], 3)\n5",
    "doctest with print": ">>> print(solve([1, 2], 3))\n5",
    "JSON, list of arguments": '{"input": [[1, 2], 3], "output": 5}',
    "JSON, by name": '{"input": {"nums": [1, 2], "k": 3}, "output": 5}',
    "JSON, other names": '{"args": [[1, 2], 3], "expected": 5}',
    "JSON, more other names": '{"Test Input": {"k": 3, "nums": [1, 2]}, "expected_output": 5}',
    "JSON, arguments as fields": '{"nums": [1, 2], "k": 3, "output": 5}',
    "JSON, arguments as text": '{"input": "nums = [1, 2], k = 3", "output": "5"}',
    "JSON, arguments as lines": '{"input": "[1, 2]\\n3", "output": "5"}',
    "JSON, a call": '{"input": "solve([1, 2], 3)", "expected": 5}',
    "JSON, an assert": '{"test": "assert solve([1, 2], 3) == 5"}',
    "JSON in a list": '[{"input": [[1, 2], 3], "output": 5}]',
    "JSON in a record": '{"tests": [{"input": [[1, 2], 3], "output": 5}]}',
    "JSON between words": 'The test is {"input": [[1, 2], 3], "output": 5} as asked.',
    "JSON in a fence": '```json\n{\n  "input": [[1, 2], 3],\n  "output": 5\n}\n```',
    "JSON with a comment": '{"input": [[1, 2], 3],  # two and one\n"output": 5}',
    "JSON in Python's way": "{'input': ([1, 2], 3), 'output': 5,}",
    "sections": "Input: nums = [1, 2], k = 3\nOutput: 5",
    "sections in Markdown": "**Input:**\n`[1, 2], 3`\n\n**Expected Output:** 5\n\n**Explanation:** adds",
    "sections of lines": "Input:\nnums = [1, 2]\nk = 3\nOutput:\n5\n\nThat is the sum.",
    "sections of a list": "### Input\n- nums: [1, 2]\n- k: 3\n\n### Output\n5",
    "section with a call": "Input: solve([1, 2], 3)\nExpected: 5",
    "sections as tags": "<input>[1, 2], 3</input><output>5</output>",
    "carriage returns": "assert solve([1, 2], 3) == 5\r\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_test_of_a_function_is_read_in_every_usual_form(form):
    assert read(FORMS[form]) == RIGHT


SCRIPT_FORMS = {
    "JSON": '{"input": "1 2\\n3\\n", "output": "6\\n"}',
    "JSON, other names": '{"stdin": "1 2\\n3", "stdout": "6"}',
    "JSON with raw line ends": '{"input": "1 2\n3\n", "output": "6\n"}',
    "JSON, lines": '{"input": ["1 2", "3"], "expected_output": 6}',
    "JSON, two lists": '{"inputs": ["1 2\\n3"], "outputs": ["6"]}',
    "Python's way": "{'input': '1 2\\n3\\n', 'output': '6\\n'}",
    "sections": "Input:\n1 2\n3\nOutput:\n6\n",
    "sections with fences": "**Input**\n```\n1 2\n3\n```\n**Output**\n```\n6\n```\nDone.",
    "sections with a note": "Test Input:\n1 2\n3\n\nTest Output:\n6\n\nExplanation: a sum",
    "tags": "<input>\n1 2\n3\n</input>\n<output>\n6\n</output>",
    "fence": '```json\n{"input": "1 2\\n3\\n", "output": "6\\n"}\n```',
    "answer block": 'Well.\n<answer>{"input": "1 2\\n3", "output": "6"}</answer>',
    "assert": 'assert run("1 2\\n3\\n") == "6\\n"',
}


@pytest.mark.parametrize("form", SCRIPT_FORMS)
def test_a_test_of_a_script_is_read_in_every_usual_form(form):
    assert script(SCRIPT_FORMS[form]) == TestCase(("1 2\n3\n",), "6\n")


LITERALS = {
    "-10**9 + 7": -(10**9) + 7,
    "2**31 - 1": 2**31 - 1,
    "[0] * 3 + [1]": [0, 0, 0, 1],
    "'ab' * 2": "abab",
    "list(range(3))": [0, 1, 2],
    "(1,)": (1,),
    "{1, 2}": {1, 2},
    "set()": set(),
    "frozenset({1})": frozenset({1}),
    "{'a': {2: None}}": {"a": {2: None}},
    "dict(a=1)": {"a": 1},
    "b'x'": b"x",
    "[*range(2), 5]": [0, 1, 5],
    "float('-inf')": float("-inf"),
    "math.inf": float("inf"),
    "[true, false, null]": [True, False, None],
    "sys.maxsize": 2**63 - 1,
    "7 / 2": 3.5,
}


@pytest.mark.parametrize("text", LITERALS)
def test_values_are_read_as_people_write_them(text):
    case = read_test(f"assert f({text}) == 1", "function", "f")
    assert case == TestCase((LITERALS[text],), 1)
    assert type(case.args[0]) is type(LITERALS[text])


@pytest.mark.parametrize(
    "shown", ["f(8) -> 1,000", "f(8) => `1,000`.", "Input: 8\nOutput: 1,000", '{"input": 8, "output": "1,000"}']
)
def test_a_number_with_divided_thousands_is_one_where_a_number_is_declared(shown):
    assert read_test(shown, "function", "f", "def f(x: int) -> int") == TestCase((8,), 1000)
    assert read_test("f(8) -> 1,000", "function", "f", "def f(x: int) -> tuple[int, int]").expected == (1, 0)


def test_every_arrow_of_a_long_text_is_read():
    nums = [1] * 300
    found = read_tests("\n".join(f"solve({nums}, {k}) -> {300 + k}" for k in range(95)), "function", "solve", SIGNATURE)
    assert [test.expected for test in found] == [300 + k for k in range(95)]


TRUTH = "def ok(s: str) -> bool"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("assert ok('a')", True),
        ("assert ok('a') is True", True),
        ("assert ok('a') == True", True),
        ("assert not ok('a')", False),
        ("assert ok('a') is False", False),
        ("self.assertTrue(ok('a'))", True),
        ("self.assertFalse(ok('a'))", False),
        ("assert ok('a') is None", None),
        ("self.assertIsNone(ok('a'))", None),
    ],
)
def test_asserts_of_truth_say_true_or_false(text, answer):
    assert read_test(text, "function", "ok", TRUTH) == TestCase(("a",), answer)


def test_a_tolerance_of_pytest_means_its_middle():
    signature = "def mean(a: list[int]) -> float"
    for text in ("assert mean([1]) == pytest.approx(1.5)", "self.assertAlmostEqual(mean([1]), 1.5, places=3)"):
        assert read_test(text, "function", "mean", signature) == TestCase(([1],), 1.5)


@pytest.mark.parametrize(
    ("signature", "text", "case"),
    [
        ("def f(a: list[int]) -> int", '{"input": [1, 2], "output": 3}', TestCase(([1, 2],), 3)),
        ("def f(a: list[int]) -> int", '{"input": [[1, 2]], "output": 3}', TestCase(([1, 2],), 3)),
        ("def f(a: list[int]) -> int", '{"args": [[1, 2]], "output": 3}', TestCase(([1, 2],), 3)),
        ("def f(a: list[list[int]]) -> int", '{"input": [[1, 2]], "output": 3}', TestCase(([[1, 2]],), 3)),
        ("def f(n: int) -> int", '{"input": 7, "output": 3}', TestCase((7,), 3)),
        ("def f(n: int) -> int", '{"input": [7], "output": 3}', TestCase((7,), 3)),
        ("def f(s: str) -> str", '{"input": "a b", "output": "b"}', TestCase(("a b",), "b")),
        ("def f(s: str) -> str", '{"input": "12", "output": "21"}', TestCase(("12",), "21")),
        ("def f(s: str) -> str", "Input: a b\nOutput: b", TestCase(("a b",), "b")),
        ("def f(s: str) -> int", '{"input": "12", "output": "21"}', TestCase(("12",), 21)),
        ("def f(a: dict[int, int]) -> int", '{"input": {"1": 2}, "output": 3}', TestCase(({1: 2},), 3)),
        ("def f(a: int) -> tuple[int, ...]", '{"input": 1, "output": [1, 2]}', TestCase((1,), (1, 2))),
        ("def f(a: int) -> tuple[int, list[int]]", '{"input": 1, "output": [1, [2]]}', TestCase((1,), (1, [2]))),
        ("def f(a: set[int]) -> float", '{"input": {"a": [1, 1]}, "output": 2}', TestCase(({1},), 2.0)),
        ("def f(a: Optional[int]) -> float | None", '{"input": [null], "output": null}', TestCase((None,), None)),
        ("def f(a, b=2, c=3)", "assert f(1, c=5) == 0", TestCase((1, 2, 5), 0)),
        ("def f(a, b=2, c=3)", "assert f(1) == 0", TestCase((1,), 0)),
        ("def f(*a)", "assert f(1, 2, 3) == 0", TestCase((1, 2, 3), 0)),
        ("def f(self, a)", "assert Solution().f(1) == 0", TestCase((1,), 0)),
        ("", "assert f(1, 2) == 0", TestCase((1, 2), 0)),
        ("def f(a: float) -> float", "assert f(1) == 3", TestCase((1,), 3.0)),
        ("def f(a: float) -> int", "assert f(1.0) == 3.0", TestCase((1.0,), 3)),
        ("def f(a: str) -> str", "Input: a b\nOutput: b a\n\nIt is turned.", TestCase(("a b",), "b a")),
        ("def f(a: str) -> str", 'Input: a = "a b"\nOutput: "b a"', TestCase(("a b",), "b a")),
        ("def f(a: str) -> str", "Input: 12\nOutput: 21", TestCase(("12",), "21")),
        ("def f(a: str) -> int", '{"input": "a = \\"b c\\"", "output": 1}', TestCase(("b c",), 1)),
        ("def f(a: str) -> int", '{"input": "f(\\"b c\\")", "output": 1}', TestCase(("b c",), 1)),
        ("def f(a: str) -> int", '{"input": "Solution().f(a=\'b\')", "output": 1}', TestCase(("b",), 1)),
        ("def f(a: str) -> int", '{"input": "a == b", "output": 1}', TestCase(("a == b",), 1)),
        ("def f(a: str) -> int", '{"input": "b = \'c\'", "output": 1}', TestCase(("b = 'c'",), 1)),
        ("def f(a: str) -> int", '{"input": " f(x) ", "output": 1}', TestCase((" f(x) ",), 1)),
        ("def f(a: str) -> int", '{"input": "\'b\'", "output": 1}', TestCase(("'b'",), 1)),
        ("def f(a: str) -> int", '{"args": ["f(\\"b\\")"], "output": 1}', TestCase(('f("b")',), 1)),
        ("def f(a: str) -> int", 'Input: a = "b c"\nOutput: 1', TestCase(("b c",), 1)),
        ("def f(a: str) -> int", 'Input: f("b c")\nOutput: 1', TestCase(("b c",), 1)),
        ("def f(a: str = 'x') -> int", "assert f() == 1", TestCase((), 1)),
        ("def f(a: str = 'x') -> int", "f() -> 1", TestCase((), 1)),
        ("def f(input, k)", '{"input": [1], "k": 2, "output": 3}', TestCase(([1], 2), 3)),
        ("def f(a: int) -> list[float]", '{"input": 1, "output": "[1, 2]"}', TestCase((1,), [1.0, 2.0])),
        ("def f(a: str) -> bool", '{"input": "", "output": "True"}', TestCase(("",), True)),
        ("def f(a: int)", '{"input": {"$tuple": [1]}, "output": {"$set": [1]}}', TestCase(((1,),), {1})),
    ],
)
def test_the_signature_decides_what_an_input_means(signature, text, case):
    found = read_test(text, "function", "f", signature)
    assert found == case
    assert [type(arg) for arg in found.args] == [type(arg) for arg in case.args]
    assert type(found.expected) is type(case.expected)


REFUSED = {
    "": "the answer is empty",
    "   \n": "the answer is empty",
    "I do not know.": "no test case was found in `I do not know.`; write `assert solve(nums, k) == answer`",
    "<think>hm": "the answer was cut off",
    "<think>hm</think>": "nothing follows </think>",
    "<answer></answer>": "the <answer> block is empty",
    "```python\n# soon": "a fence is not closed: it was cut off",
    "assert solv([1]) == 2": "calls `solv`, but the function under test is `solve`",
    "assert 1 == 1": "calls nothing, but the function under test is `solve`",
    "assert solve([1], 2, 3) == 2": "solve takes 2 arguments (nums, k), but the test gives 3",
    "assert solve() == 2": "solve takes 2 arguments (nums, k), but the test gives 0",
    "assert solve(num=[1]) == 2": "solve has no parameter 'num'; did you mean nums?",
    "assert solve([1], nums=[1]) == 2": "the argument nums is given twice",
    "assert solve(**{'nums': [1]}) == 2": "`**` is not followed",
    "assert math.isclose(solve([1]), 2)": "a tolerance is not read",
    "assert abs(solve([1]) - 2) < 1e-6": "a tolerance is not read",
    "assert solve([1]) != 2": "is not a comparison of one call with one value by ==",
    "assert solve([1]) > 2": "is not a comparison of one call with one value by ==",
    "assert sorted(solve([1])) == [2]": "looks at a part of what solve returns",
    "assert solve([1])[0] == 2": "looks at a part of what solve returns",
    "assert (solve([1]) == 2, 'sum')": "is always true",
    "assert solve([1]) == 2 and solve([2]) == 3": "several things at once",
    "assert solve([1]) == solve([2])": "compares two calls",
    "assert solve([1])": "does not say which value solve returns",
    "assert solve([x]) == 2": "the input cannot be read: the name `x` has no value",
    "assert solve([i for i in (1,)]) == 2": "the input cannot be read: `[i for i in (1,)]` is not a literal",
    "assert solve([1]) == sum([1, 1])": "the answer cannot be read: `sum([1, 1])` is not a literal",
    "assert solve([1]) == float('nan')": "a NaN, which equals nothing",
    "assert solve(['\\ud800']) == 1": "half a character",
    "assert solve([1) == 2": "is not Python (line 1: closing parenthesis ')' does not match",
    "for n in (1, 2):\n    assert solve([n]) == n": "asserts inside a loop are not read",
    "solve([1, 2])": "`solve([1, 2])` has no answer: write it as",
    '{"input": [[1], 2]}': "the test has no output",
    '{"output": 3}': "the test has no input",
    '{"input": [[1], 2], "output": 3': "the JSON is broken",
    '{"input": [[1], 2], // two\n"output": 3}': "the JSON is broken",
    '{"input": {"nums": [1], "q": 2}, "output": 3}': "solve has no parameter 'q'; it has nums, k",
    "solve([1])  # sums the list": "`solve([1])` has no answer",
    "Input: [1], 2": "an input and no output",
    "Input: [1], 2\nOutput: three": "the answer cannot be read: the name `three` has no value",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_test_is_refused_with_the_reason(text):
    found = read(text)
    assert isinstance(found, Misread)
    assert REFUSED[text] in found.reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"input": "1"}', "the test has no output"),
        ('{"input": {"a": 1}, "output": "1"}', "is not a text"),
        ('{"input": true, "output": "1"}', "is not a text"),
        ("assert run('1', '2') == '3'", "a script reads one text"),
        ("assert f([1]) == 2", "calls `f`, but"),
        ("nothing", 'write `{"input": "...", "output": "..."}`'),
    ],
)
def test_what_is_no_test_of_a_script_is_refused_with_the_reason(text, reason):
    found = script(text)
    assert isinstance(found, Misread)
    assert reason in found.reason


INPUTS = ["solve([1, 2], 3)", "print(solve([1, 2], 3))", '{"input": [[1, 2], 3]}', "Input: nums = [1, 2], k = 3"]


@pytest.mark.parametrize("text", [*INPUTS, "`solve([1, 2], 3)` looks hard", '{"nums": [1, 2], "k": 3}'])
def test_an_input_alone_is_read_where_no_answer_is_needed(text):
    assert read(text, answer_needed=False) == TestCase(([1, 2], 3), NO_ANSWER)
    assert not read(text, answer_needed=False).answered
    assert isinstance(read(text), Misread)


def test_an_answer_that_is_not_needed_is_kept():
    assert read("assert solve([1, 2], 3) == 5", answer_needed=False) == RIGHT


@pytest.mark.parametrize("text", ["```\n1 2\n3\n```", "<answer>\n1 2\n3\n</answer>", '{"input": "1 2\\n3"}'])
def test_the_input_of_a_script_may_stand_as_it_is_where_no_answer_is_needed(text):
    assert script(text, answer_needed=False) == TestCase(("1 2\n3\n",), NO_ANSWER)


def test_the_last_block_with_a_test_counts():
    text = (
        "```\nassert solve([0]) == 0\n```\nNo, better:\n```\nassert solve([1, 2], 3) == 5\n```\nTrace:\n```\n1 + 2\n```"
    )
    assert read(text) == RIGHT


def test_the_answer_block_counts_and_not_what_stands_around_it():
    text = (
        "assert solve([0]) == 0\n<answer>assert solve([9]) == 9</answer><answer>assert solve([1, 2], 3) == 5</answer>"
    )
    assert read(text) == RIGHT


def test_the_first_of_several_tests_counts():
    assert read("assert solve([1, 2], 3) == 5\nassert solve([0]) == 0") == RIGHT


def test_a_test_that_cannot_be_read_does_not_hide_one_that_can():
    assert read("assert solve(x) == 5\nassert solve([1, 2], 3) == 5") == RIGHT


def test_a_program_beside_the_test_is_not_taken_for_one():
    program = "```python\ndef solve(nums: list[int], k: int = 1) -> int:\n    assert nums\n    return k\n```"
    assert read(f"```\nassert solve([1, 2], 3) == 5\n```\n{program}") == RIGHT


def test_all_tests_are_read_in_order_each_with_its_own_fault():
    found = read_tests("assert solve([1]) == 1\nassert solve(x) == 2\nassert solve([3]) == 3", "function", "solve")
    assert [type(each) for each in found] == [TestCase, Misread, TestCase]


def test_records_on_lines_are_many_tests():
    found = read_tests('{"input": "1", "output": "1"}\n{"input": "2", "output": "2"}', "stdin")
    assert found == [TestCase(("1\n",), "1\n"), TestCase(("2\n",), "2\n")]


def test_too_many_tests_are_cut_and_the_cut_is_told():
    found = read_tests("assert solve([1]) == 1\n" * 9, "function", "solve", most=4)
    assert len(found) == 5
    assert "more than 4" in found[-1].reason


def test_equal_numbers_become_those_of_the_declared_type():
    """To `==` 3 and 3.0 are one; to the judge, who compares types too, they are two."""
    signature = "def f(a) -> tuple[float, list[int]] | None"
    case = read_test("assert f(1) == (3, [4.0])", "function", "f", signature)
    assert repr(case.expected) == "(3.0, [4])"
    assert repr(read_test("assert f(1) == [3]", "function", "f", signature).expected) == "[3]"


@pytest.mark.parametrize(("kind", "entry"), [("functions", "solve"), ("function", ""), ("", "")])
def test_an_unknown_kind_of_problem_is_the_callers_mistake(kind, entry):
    with pytest.raises(ValueError, match="a test is of a"):
        read_test("assert solve(1) == 1", kind, entry)
