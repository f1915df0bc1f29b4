"""Code tests judge what the program did: no test passes unrun, and no right program fails by the way it is asked."""

from __future__ import annotations

import time

import pytest

from sandbox import CodeTests, Limits, Program, Report, Sandbox, Verdict
from sandbox.code_tests import _heard
from sandbox.inside import discover, plain

PASS, WRONG, EXCEPTION = Verdict.PASS, Verdict.WRONG, Verdict.EXCEPTION
DOUBLE = "def f(x):\n    return x * 2\n"


def _judge(box: Sandbox, source: str, tests: str, entry: str = "f", **options: object) -> Report:
    return box.judge(Program(source, entry), [CodeTests(tests)], **options)


@pytest.mark.parametrize(
    ("tests", "words"),
    [
        ("import unittest\nclass T(unittest.TestCase):\n    async def test_a(self):\n        assert f(1) == 99\n", "async"),
        ("def test_a():\n    yield\n    assert f(1) == 99\n", "test_a yields"),
        ("class TestX:\n    def test_b(self):\n        if 1:\n            yield from ()\n        assert f(1) == 99\n", "yields"),
        ("def check(candidate):\n    yield\n    assert candidate(1) == 99\n", "check yields"),
    ],
)  # fmt: skip
def test_a_test_that_would_never_run_is_refused(best: Sandbox, tests: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        _judge(best, DOUBLE, tests)


def test_a_generator_inside_of_a_test_is_no_test(best: Sandbox) -> None:
    tests = "def test_a():\n    def pairs():\n        yield 1, 2\n    for x, y in pairs():\n        assert f(x) == y\n"
    assert _judge(best, DOUBLE, tests).all_passed


def test_an_async_check_is_run_to_its_end(best: Sandbox) -> None:
    tests = "async def check(candidate):\n    wanted = 3\n    assert candidate(1) == wanted\n"
    assert _judge(best, DOUBLE, tests).verdicts == (WRONG,)


@pytest.mark.parametrize(
    "test",
    [
        "assert callable(missing)",
        "assert missing is not None",
        "assert hasattr(Stack, 'push')",
        "assert hasattr(Queue, 'push')",
        "assert f.__doc__",
        "assert f.__module__.startswith('sandbox')",
        "import solution\n    assert hasattr(solution, 'missing')",
        "from solution import missing\n    assert callable(missing)",
    ],
)
def test_what_a_program_does_not_have_is_not_there(best: Sandbox, test: str) -> None:
    assert _judge(best, DOUBLE + "class Queue: pass\n", f"def test_a():\n    {test}\n").passed == 0


def test_a_program_that_fails_when_it_is_loaded_raises_nothing_that_a_test_waits_for(best: Sandbox) -> None:
    tests = "import unittest\ndef test_a():\n    with unittest.TestCase().assertRaises(ValueError): f(-1)\n"
    assert _judge(best, "raise ValueError\n" + DOUBLE, tests).verdicts == (EXCEPTION,)
    assert _judge(best, "import re\nre.missing\n" + DOUBLE, tests).verdicts == (EXCEPTION,)


@pytest.mark.parametrize("call", ["f(x)", "f(lambda: x)"])
def test_what_literal_asserts_call_missing_and_syntax_other_tests_call_so_too(best: Sandbox, call: str) -> None:
    tests = f"def test_a():\n    x = 1\n    try:\n        assert {call} == 2\n    except Exception:\n        pass\n"
    assert _judge(best, "def g(x):\n    return x\n", tests).verdicts == (Verdict.MISSING,)
    assert _judge(best, "def f(x:\n", tests).verdicts == (Verdict.SYNTAX,)
    assert _judge(best, "class S: pass\n", tests.replace("f(", "S.f("), "S.f").passed == 0


def test_the_tests_own_time_is_not_the_programs(best: Sandbox) -> None:
    tests = "import time\ndef test_a():\n    a = f(1)\n    time.sleep(0.8)\n    assert f(a) == 4\n"
    limits = Limits(cpu_s=0.2, wall_s=0.4)
    assert _judge(best, DOUBLE, tests, limits=limits).verdicts == (PASS,)
    sleepy = "import time\ndef f(x):\n    time.sleep(0.25)\n    return x * 2\n"
    assert _judge(best, sleepy, tests, limits=limits).verdicts == (Verdict.TIMEOUT,)


def test_a_test_that_wears_itself_out_is_no_crash_of_the_program(
    best: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.code_tests.GRADER_LIMITS", Limits(cpu_s=0.3, wall_s=2.0, memory_mb=512))
    tests = "def test_a():\n    a = f(1)\n    while a: pass\n"
    assert _judge(best, DOUBLE, tests).verdicts == (Verdict.TIMEOUT,)


@pytest.mark.parametrize("depth", range(140, 151))
def test_an_answer_of_any_depth_is_judged_at_once(best: Sandbox, depth: int) -> None:
    source = f"def enc(x):\n    v = []\n    for _ in range({depth}): v = [v]\n    return v\ndef dec(x): return 0\n"
    tests = "def test_a():\n    data = [1]\n    assert dec(enc(data)) == data\n"
    began = time.monotonic()
    report = _judge(best, source, tests, "enc", limits=Limits(cpu_s=0.1))
    assert time.monotonic() - began < 2.0
    assert (report.passed, report.integrity) == (0, "isolated")


def test_what_makes_no_sense_is_not_answered() -> None:
    assert _heard(plain.encode(("ask", 1)), apart=True) == ("ask", b"1")
    assert _heard(plain.encode(("skip", "why")), apart=True) == ("skip", "why")
    assert _heard(plain.encode(("ask", 1)), apart=False) is None, "a grader that shares its process asks nobody"
    assert _heard(plain.encode(("error", "A", "b", 10**5000)), apart=True) is None, "no text is that long"
    for nonsense in (b"junk", b"{}", plain.encode(("ask",)), plain.encode(("no", 1)), plain.encode([]), b"[" * 5000):
        assert _heard(nonsense, apart=True) is None
    began = time.monotonic()
    assert _heard(b'{"t":["fail",[' + b"[]," * 10_000_000 + b"0]]}", apart=False) is None
    assert time.monotonic() - began < 1.0, "it was taken apart"


def test_who_talks_nonsense_is_not_waited_for(best: Sandbox) -> None:
    nonsense = (
        "import gc, os\ndef f(function):\n"
        "    talk = next(each for each in gc.get_objects() if type(each).__name__ == 'Conversation')\n"
        "    os.write(talk.writer, b'\\0\\0\\0\\4junk')\n    return talk.receive()\n"
    )
    began = time.monotonic()
    report = _judge(best, nonsense, "def test_a():\n    assert f(lambda: 1) == 1\n", limits=Limits(cpu_s=5.0))
    assert time.monotonic() - began < 3.0
    assert report.verdicts == (Verdict.CRASH,)
    assert "plain data" in report.judgements[0].outcome.error


NAMED = """
LIMIT, TABLE = 3, [1, 2]
class D:
    FLAG = 1
    def __init__(self, a): self.a = a
    @classmethod
    def parse(cls, text): return cls(int(text))
    @staticmethod
    def two(): return 2
class C:
    v, w = 0, 5
    def inc(self):
        "adds one"
        self.v += 1
c = C()
import enum
class Color(enum.Enum):
    RED = 1
def f(x):
    "doubles"
    return x * 2
"""


@pytest.mark.parametrize(
    "test",
    [
        "assert D.parse('5').a == 5 and D.two() == 2 and D.FLAG == 1",
        "c.inc()\n    c.inc()\n    assert c.v == 2 and c.w == 5",
        "assert Color.RED.value == 1 and Color.RED.name == 'RED'",
        "import solution\n    assert solution.LIMIT == 3 and solution.D(4).a == 4 and solution.TABLE == [1, 2]",
        "assert TABLE == [1, 2] and TABLE != [1] and LIMIT == 3",
        "assert f.__doc__ == 'doubles' and f.__name__ == 'f' and c.inc.__doc__ == 'adds one'",
        "assert D(4).__dict__ == {'a': 4} and c != C and f == f",
    ],
)
def test_names_with_dots_mean_what_they_mean_in_the_program(best: Sandbox, test: str) -> None:
    report = _judge(best, NAMED, f"def test_a():\n    {test}\n")
    assert (report.verdicts, report.integrity) == ((PASS,), "isolated"), report.judgements[0].outcome.error


def test_an_entry_with_a_dot_still_gets_its_instance(best: Sandbox) -> None:
    source = "class S:\n    def two(self, a): return a * 2\n    @staticmethod\n    def one(a): return a\n"
    tests = "def test_a():\n    x = 4\n    assert S.two(x) == 8 and S().two(x) == 8 and S.one(x) == 4\n"
    assert _judge(best, source, tests, "S.two").all_passed


def test_a_literal_that_is_no_data_is_not_taken_for_data(best: Sandbox) -> None:
    assert _judge(best, DOUBLE, "assert f(...) == 3\nassert f(1) == 2\n").passed == 1


def test_each_case_runs_by_itself(best: Sandbox) -> None:
    tests = (
        "for n in (1, 2):\n    assert f(n) == n * 2\nassert f(5) == 10\n"
        "def test_zero():\n    x = 0\n    assert f(x) == 0\n"
    )
    report = _judge(best, "def f(x): return 0 if x == 1 else x * 2\n", tests)
    assert {each.name: each.verdict for each in report.judgements} == {
        "test_zero": PASS, "for n in (1, 2):": WRONG, "assert f(5) == 10": PASS,
    }  # fmt: skip


def test_a_check_that_other_tests_call_is_no_case() -> None:
    helper = "def check(n):\n    assert f(n) == n * 2\ndef test_a():\n    check(3)\n"
    assert discover.cases(helper, "f")["cases"] == [("function", "test_a", -1)]
    for function, entry in (("f", "f"), ("S().f", "S.f")):
        given = f"def check(candidate):\n    assert candidate(1) == 2\ncheck({function})\n"
        assert discover.cases(given, entry)["cases"] == [("check", "check", -1)]


def test_a_name_is_the_programs_unless_it_is_bound_where_it_is_used() -> None:
    tests = (
        "import os\none = 1\ndef test_a():\n    g = 3\n    assert f(g)\ndef test_b():\n    assert g(one) and os.sep\n"
        "class A:\n    inner = 1\n    def m(self):\n        return inner\n"
        "def late():\n    global last\n    last = [k for k in keys if k]\nassert last\n"
    )
    assert discover.cases(tests, "f")["names"] == ["f", "g", "inner", "keys"]


OBJECTS = """
class V:
    def __init__(self, x): self.x = x
    def __repr__(self): return f"V({self.x})"
    def __add__(self, other): return V(self.x + (other.x if isinstance(other, V) else other))
    __radd__ = __add__
    def __mul__(self, n): return V(self.x * n)
    def __neg__(self): return V(-self.x)
    def __getitem__(self, key): return [key.start, key.stop, key.step]
    def __enter__(self): return self
    def __exit__(self, *how):
        self.x = 0
        return True
class E(Exception):
    def __init__(self, code):
        super().__init__("no")
        self.code = code
def f(x):
    if x < 0:
        print("minus")
        raise E(x)
    return V(x)
def g(function, x): return function(x)
"""


@pytest.mark.parametrize(
    "test",
    [
        "assert repr(f(3)) == str(f(3)) == f'{f(3)}' == 'V(3)'",
        "assert (f(1) + f(2)).x == 3 and (f(2) * 3).x == 6 and (-f(2)).x == -2 and sum([f(1), f(2)]).x == 3",
        "with f(3) as v:\n        assert v.x == 3\n    assert v.x == 0",
        "try:\n        f(-3)\n    except E as e:\n        assert e.code == -3\n    else:\n        assert 0",
        "out = io.StringIO()\n    with contextlib.redirect_stdout(out):\n        try: f(-1)\n        except E: pass\n"
        "    assert out.getvalue() == 'minus\\n'",
        "assert g(f, 3).x == 3",
        "v = f(3)\n    w, z = copy.copy(v), copy.deepcopy([v])[0]\n    v.x = 4\n    assert (w.x, z.x, v.x) == (3, 3, 4)",
        "assert f(3)[1:5:2] == [1, 5, 2]",
    ],
)  # fmt: skip
def test_objects_of_the_programs_own_do_what_they_can(best: Sandbox, test: str) -> None:
    report = _judge(best, OBJECTS, f"import contextlib, copy, io\ndef test_a():\n    {test}\n")
    assert (report.verdicts, report.integrity) == ((PASS,), "isolated"), report.judgements[0].outcome.error


@pytest.mark.parametrize(
    "test",
    [
        "assert abs(f(1) - 42) < 1",
        "assert f(1) - f(2) == 0",
        "assert (f(1) - 42).x == 0",
        "assert f(1) < 42",
        "assert 42 in f(1)",
        "with f(1):\n        assert 0",
        "assert f(1) == 42 or 42 == f(1)",
        "assert {f(1): 1}[42]",
    ],
)
def test_no_operator_of_the_program_decides_about_a_tests_data(best: Sandbox, test: str) -> None:
    yes = "".join(
        f"    def __{name}__(self, *other): return self.x\n" for name in ("sub", "rsub", "lt", "gt", "eq", "abs")
    )
    cheat = (
        f"class E:\n    x = 0\n{yes}    def __contains__(self, o): return True\n    def __enter__(self): return self\n"
        "    def __exit__(self, *how): return True\n    def __hash__(self): return 42\ndef f(x): return E()\n"
    )
    report = _judge(best, cheat, f"def test_a():\n    {test}\n")
    assert (report.passed, report.integrity) == (0, "isolated")


@pytest.mark.parametrize(
    "argument",
    ["Counter('aab')", "namedtuple('P', 'x y')(1, 2)", "[Counter('a')]", "{1: Counter()}"],
)
def test_an_argument_keeps_its_type_or_is_judged_in_one_process(best: Sandbox, argument: str) -> None:
    source = "def f(x):\n    return type(x).__name__ + (type(x[0]).__name__ if type(x) is list else '')\n"
    tests = (
        "from collections import Counter, namedtuple\ndef test_a():\n    x = {0}\n"
        "    wanted = type(x).__name__ + (type(x[0]).__name__ if type(x) is list else '')\n    assert f(x) == wanted\n"
    )
    report = _judge(best, source, tests.format(argument))
    assert (report.verdicts, report.integrity) == ((PASS,), "shared")


def test_a_bytearray_that_the_program_turns_round_is_turned_round(best: Sandbox) -> None:
    tests = "def test_a():\n    b = bytearray(b'abc')\n    f(b)\n    assert b == b'cba'\n"
    report = _judge(best, "def f(b):\n    b.reverse()\n", tests)
    assert (report.verdicts, report.integrity) == ((PASS,), "isolated")


def test_an_entry_of_a_class_is_called_without_an_instance(best: Sandbox) -> None:
    tests = "def check(candidate):\n    five = '5'\n    assert candidate(five).a == D.parse(five).a == 5\n"
    assert _judge(best, NAMED, tests, "D.parse").all_passed


@pytest.mark.parametrize(
    "answer",
    ["object()", "f", "{1: object()}", "[object()]", "(len,)", "{len}", "bytearray(1)", "type('L', (list,), {})()"],
)
@pytest.mark.parametrize("use", ["f(f(1))", "f([f(1)])", "f({1: f(1)})", "f({f(1)})", "f({f(1): 1})", "f(LIMIT)"])
def test_no_program_chooses_to_share_a_process_with_the_test(best: Sandbox, answer: str, use: str) -> None:
    source = f"def f(x):\n    return {answer}\nLIMIT = {answer}\n"
    report = _judge(best, source, f"def test_a():\n    assert {use} == 42\n")
    assert (report.passed, report.integrity) == (0, "isolated")


@pytest.mark.parametrize(
    "use", ["f(1).sort(key=lambda v: v)", "f(1)[lambda: 1]", "f(1)[::2][lambda: 1]", "f(1).get(object())", "f(1) + map"]
)
def test_an_object_in_the_place_of_data_does_not_bring_the_test_to_the_program(best: Sandbox, use: str) -> None:
    cheat = (
        "class E:\n    def __getattr__(self, name): return self\n    def __getitem__(self, key): return self\n"
        "    def __call__(self, *a, **k): return 42\n    def __add__(self, other): return self\ndef f(x): return E()\n"
    )
    report = _judge(
        best,
        cheat,
        f"def test_a():\n    try:\n        x = {use}\n    except TypeError:\n        x = 42\n    assert x == 42\n",
    )
    assert (report.verdicts, report.integrity) == ((EXCEPTION,), "isolated")


@pytest.mark.parametrize("use", ["E().on(lambda: 1)", "E().index(lambda: 1)", "E(lambda: 1).on(1)"])
def test_what_a_test_hands_to_an_object_by_its_own_will_brings_it_there(best: Sandbox, use: str) -> None:
    source = "class E:\n    def __init__(self, call=None): pass\n    def on(self, call): return 42\n    index = on\n"
    report = _judge(best, source, f"def test_a():\n    assert {use} == 42\n", "E.index")
    assert (report.verdicts, report.integrity) == ((PASS,), "shared")


def test_a_test_that_catches_everything_cannot_hide_what_does_not_travel(best: Sandbox) -> None:
    tests = "import unittest\ndef test_a():\n    with unittest.TestCase().assertRaises(Exception): f(lambda: 1)\n"
    report = _judge(best, "def f(x):\n    return 1\n", tests)
    assert (report.verdicts, report.integrity) == ((WRONG,), "shared")


YES = "class Y:\n    def __getattr__(self, name): return lambda *args: True\n"


@pytest.mark.parametrize("answer", ["Y()", "[Y()]", "{1: Y()}"])
@pytest.mark.parametrize("method", ["startswith('Hello')", "endswith('x')", "isdigit()", "issubset({1, 2})"])
def test_an_object_that_says_yes_to_everything_is_not_believed(best: Sandbox, answer: str, method: str) -> None:
    found = {"Y()": "f(1)", "[Y()]": "f(1)[0]", "{1: Y()}": "f(1)[1]"}[answer]
    report = _judge(best, f"{YES}def f(x):\n    return {answer}\n", f"assert {found}.{method}")
    assert (report.verdicts, report.integrity) == ((EXCEPTION,), "isolated")


def test_what_a_class_of_the_program_says_of_itself_is_believed(best: Sandbox) -> None:
    trie = (
        "class Trie:\n    def __init__(self): self.words = []\n    def startswith(self, x): return x in ('a', 'ab')\n"
    )
    assert _judge(best, trie, "def test_a():\n    assert Trie().startswith('a')", "Trie").all_passed
    assert _judge(best, trie + DOUBLE, "def test_a():\n    assert Trie().startswith('a') and f(1) == 2").all_passed


def test_a_function_may_have_the_name_of_a_module(best: Sandbox) -> None:
    source = "def statistics(x): return sum(x)\ndef f(x): return 1\n"
    uses = "x = [1, 2]\n    assert statistics(x) == 3"
    assert _judge(best, source, f"def test_a():\n    {uses}", "statistics").all_passed
    assert _judge(best, source, f"def test_a():\n    {uses} and f(1) == 1").all_passed
    assert _judge(best, source, f"from solution import statistics\ndef test_a():\n    {uses} and f(1) == 1").all_passed


def test_a_module_that_the_tests_forgot_to_import_is_the_real_one(best: Sandbox) -> None:
    tests = "def test_a():\n    assert math.isclose(f(2), 4.0)"
    assert _judge(best, "import math\n" + DOUBLE, tests).all_passed
    cheat = "class math:\n    isclose = staticmethod(lambda *args: True)\ndef f(x): return 0\n"
    assert _judge(best, cheat, tests).verdicts == (WRONG,)


def test_words_of_any_length_stay_what_they_are(best: Sandbox) -> None:
    long = "x" * 100_000
    skips = f"import unittest\ndef test_a():\n    f(1)\n    raise unittest.SkipTest('{long}')"
    assert _judge(best, DOUBLE, skips).verdicts == (Verdict.INVALID,)
    raises = f"def f(x): raise type('{long}', (Exception,), {{}})()"
    assert _judge(best, raises, "def test_a():\n    assert f(1) == 2").verdicts == (EXCEPTION,)
