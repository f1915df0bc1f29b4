"""Tests that are code: judged in another worker than the program, case by case."""

from __future__ import annotations

import pytest

from sandbox import CodeTests, Limits, Program, Report, Sandbox, Verdict

PASS, WRONG, EXCEPTION = Verdict.PASS, Verdict.WRONG, Verdict.EXCEPTION
ADD = "def add(a, b):\n    return a + b\n"
LIMITS = Limits(cpu_s=0.4, wall_s=1.0)


def _judge(box: Sandbox, source: str, tests: str, entry: str = "add", prelude: str = "") -> Report:
    return box.judge(Program(source, entry), [CodeTests(tests, prelude)], limits=LIMITS)


@pytest.mark.parametrize(
    ("tests", "names"),
    [
        ("assert add(1, 2) == 3\nassert add(2, 2) == 5\n", 2),
        ("def test_one():\n    assert add(1, 2) == 3\ndef test_two():\n    x = 2\n    assert add(x, x) == 5\n", 2),
        ("import unittest\nclass T(unittest.TestCase):\n    def setUp(self):\n        self.x = 1\n"
         "    def test_a(self):\n        self.assertEqual(add(self.x, 2), 3)\n"
         "    def test_b(self):\n        self.assertEqual(add(2, 2), 5)\n", 2),
        ("def check(candidate):\n    assert candidate(1, 2) == 3\n    assert candidate(2, 2) == 5\n", 1),
        ("values = [(1, 2, 3), (2, 2, 5)]\nfor a, b, c in values:\n    pass\nassert add(*values[0][:2]) == 3\n"
         "assert add(*values[1][:2]) == 5\n", 2),
    ],
)  # fmt: skip
def test_each_style_of_test_declares_its_cases(box: Sandbox, tests: str, names: int) -> None:
    report = _judge(box, ADD, tests)
    assert report.total == names
    assert report.passed == names - 1
    assert report.verdicts[-1] is WRONG
    assert report.integrity == "isolated"
    right = _judge(box, "def add(a, b):\n    return 5 if a == b == 2 else a + b\n", tests)
    assert right.all_passed


def test_literal_asserts_compare_as_python_does(best: Sandbox) -> None:
    assert _judge(best, "def add(a, b):\n    return float(a + b)\n", "assert add(1, 2) == 3\n").all_passed
    assert not _judge(best, "def add(a, b):\n    return 1\n", "assert add(1, 2) is True\n").all_passed
    assert _judge(best, "def add(a, b):\n    return None\n", "assert add(1, 2) is None\n").all_passed


@pytest.mark.parametrize(
    "cheat",
    [
        "class E:\n    def __eq__(self, o): return True\n    def __ne__(self, o): return False\n"
        "    def __contains__(self, o): return True\n    def __bool__(self): return True\n    def __len__(self): return 3\n"
        "def add(a, b): return E()\n",
        "import os\ndef add(a, b): os._exit(0)\n",
        "def add(a, b): raise SystemExit(0)\n",
        "import unittest\ndef add(a, b): raise unittest.SkipTest('no')\n",
        "def add(a, b): raise AssertionError\n",
        "def add(a, b): raise KeyboardInterrupt\n",
        "def add(a, b): raise StopIteration\n",
        "def add(a, b): return {'\\0sandbox.handle': 'add'}\n",
        "def add(a, b): return {'\\0sandbox.handle': 0}\n",
        "import sys\ndef add(a, b): sys.modules['tests'] = None; sys.exit(0)\n",
        "import builtins\nbuiltins.AssertionError = ValueError\ndef add(a, b): return 0\n",
        "def add(a, b):\n    while True: pass\n",
        'import os\ndef add(a, b):\n    for d in range(3, 64):\n        try: os.write(d, b\'\\0\\0\\0\\x10{"t":["pass"]}\')\n'
        "        except OSError: pass\n    return 0\n",
    ],
)
@pytest.mark.parametrize(
    "tests",
    [
        "secret = 40 + 2\nassert add(1, 2) == secret\n",
        "def check(candidate):\n    secret = 40 + 2\n    assert candidate(1, 2) == secret\n",
        "def test_in():\n    assert 42 in [add(1, 2)]\n",
        "import unittest\nclass T(unittest.TestCase):\n    def test_it(self):\n        self.assertEqual(add(1, 2), 40 + 2)\n"
        "        self.assertIn(3, add(1, 2))\n",
        "def test_loop():\n    for got, want in zip(map(add, [1], [2]), [40 + 2]):\n        assert got == want\n",
        "def test_all():\n    try:\n        ok = add(1, 2) == 40 + 2\n    except:\n        ok = False\n    assert ok\n",
        "def test_twice():\n    assert add(add(1, 2), 0) == 40 + 2\n",
    ],
)
def test_no_cheat_passes_a_code_test(best: Sandbox, cheat: str, tests: str) -> None:
    report = best.judge(Program(cheat, "add"), [CodeTests(tests)], limits=Limits(cpu_s=0.15, wall_s=1.0))
    assert report.passed == 0
    assert report.total == 1
    assert report.integrity == "isolated"


def test_exceptions_reach_the_test_under_their_own_builtin_type(box: Sandbox) -> None:
    source = "class Bad(ValueError): pass\ndef add(a, b):\n    if a < 0: raise Bad('negative')\n    return a + b\n"
    tests = (
        "import unittest\nclass T(unittest.TestCase):\n    def test_raises(self):\n        with self.assertRaises(ValueError):\n"
        "            add(-1, 2)\n    def test_other(self):\n        with self.assertRaises(KeyError):\n            add(-1, 2)\n"
    )
    report = _judge(box, source, tests)
    assert report.verdicts == (PASS, EXCEPTION)
    assert "Bad: negative" in report.judgements[1].outcome.error


def test_arguments_changed_in_place_are_changed_in_the_test(best: Sandbox) -> None:
    source = "def order(a):\n    a.sort()\n"
    assert _judge(best, source, "x = [3, 1, 2]\norder(x)\nassert x == [1, 2, 3]\n", "order").all_passed
    assert not _judge(
        best, "def order(a):\n    sorted(a)\n", "x = [3, 1]\norder(x)\nassert x == [1, 3]\n", "order"
    ).all_passed


def test_objects_of_the_program_stay_with_the_program(best: Sandbox) -> None:
    source = (
        "class Stack:\n    def __init__(self):\n        self.items = []\n    def push(self, x):\n        self.items.append(x)\n"
        "        return self\n    def __len__(self):\n        return len(self.items)\n    def __iter__(self):\n"
        "        return iter(self.items)\n"
    )
    tests = "s = Stack()\ns.push(1).push(2)\ns.extra = 5\nassert len(s) == 2\nassert list(s) == [1, 2]\nassert s.extra == 5\n"
    report = _judge(best, source, tests, "Stack")
    assert report.verdicts == (PASS, PASS, PASS)
    assert report.integrity == "isolated"


def test_a_solution_class_is_tested_by_its_method(best: Sandbox) -> None:
    source = "class Solution:\n    def two(self, a):\n        return a * 2\n"
    assert _judge(best, source, "assert Solution().two(4) == 8\n", "Solution.two").all_passed
    assert _judge(best, source, "def check(candidate):\n    assert candidate(4) == 8\n", "Solution.two").all_passed


def test_generators_and_printed_text_reach_the_test(best: Sandbox) -> None:
    source = "def add(a, b):\n    print('adding')\n    yield a\n    yield b\n"
    tests = (
        "import io, contextlib\ndef test_it():\n    out = io.StringIO()\n    with contextlib.redirect_stdout(out):\n"
        "        assert list(add(1, 2)) == [1, 2]\n    assert out.getvalue() == 'adding\\n'\n"
    )
    assert _judge(best, source, tests).all_passed


def test_what_cannot_travel_is_judged_in_one_process_and_says_so(best: Sandbox) -> None:
    source = "def add(f, b):\n    return f(b)\n"
    report = _judge(best, source, "assert add(lambda x: x + 1, 2) == 3\n")
    assert report.verdicts == (PASS,)
    assert report.integrity == "shared"


def test_a_prelude_is_trusted_and_cannot_be_replaced_by_the_program(best: Sandbox) -> None:
    prelude = "def double(x):\n    return 2 * x\ndef add(a, b):\n    pass\n"
    tests = "def check(candidate):\n    assert candidate(1, 2) == double(2)\n"
    cheat = "def double(x):\n    return 0\ndef add(a, b):\n    return 0\n"
    assert _judge(best, cheat, tests, prelude=prelude).passed == 0
    assert _judge(best, "def add(a, b):\n    return 4\n", tests, prelude=prelude).all_passed


def test_a_limit_binds_the_program_and_not_the_test(best: Sandbox) -> None:
    slow = "def test_slow():\n    sum(range(20_000_000))\n    assert add(1, 2) == 3\n"
    assert _judge(best, ADD, slow).all_passed
    assert _judge(best, "def add(a, b):\n    while True: pass\n", slow).verdicts == (Verdict.TIMEOUT,)
    assert _judge(best, "def add(a, b):\n    return bytearray(10**9)\n", slow).verdicts == (Verdict.MEMORY,)


@pytest.mark.parametrize(
    ("tests", "words"),
    [
        ("assert add(", "do not compile"),
        ("x = 1\n", "found none"),
        ("", "found none"),
        ("def test_(: pass", "do not compile"),
    ],
)
def test_tests_that_test_nothing_are_the_callers_fault(best: Sandbox, tests: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        _judge(best, ADD, tests)


def test_of_two_tests_under_one_name_python_keeps_the_last(best: Sandbox) -> None:
    tests = "def test_a():\n    assert add(1, 2) == 4\ndef test_a():\n    assert add(1, 2) == 3\n"
    assert _judge(best, ADD, tests).verdicts == (PASS,)


def test_a_test_that_defines_the_entry_itself_is_not_taken_for_data(best: Sandbox) -> None:
    tests = "def add(a, b):\n    return 99\nassert add(1, 2) == 99\n"
    assert _judge(best, "def add(a, b):\n    return 0\n", tests).verdicts == (PASS,)
    broken = "raise RuntimeError('broken test')\nassert add(1, 2) == 3\n"
    assert _judge(best, ADD, broken).verdicts == (EXCEPTION,)


def test_asserts_beside_test_functions_are_cases_too(best: Sandbox) -> None:
    tests = "assert add(1, 0) == 2\ndef test_a():\n    assert add(1, 2) == 3\n"
    report = _judge(best, ADD, tests)
    assert sorted(report.verdicts) == [PASS, WRONG]
    assert report.total == 2


def test_a_prelude_reaches_what_is_judged_in_one_process(best: Sandbox) -> None:
    prelude = "class Node:\n    def __init__(self, value):\n        self.value = value\n"
    source = "def add(node, b):\n    return node.value + b\n"
    report = _judge(best, source, "assert add(Node(1), 2) == 3\n", prelude=prelude)
    assert report.verdicts == (PASS,)
    assert report.integrity == "shared"
