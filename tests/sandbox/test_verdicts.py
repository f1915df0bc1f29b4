"""Each verdict, on each shell, from a real program."""

from __future__ import annotations

import asyncio
import collections
from dataclasses import replace

import pytest

from sandbox import Call, Checker, CodeTests, Floats, Limits, Program, Sandbox, Stdin, Unordered, Verdict, open_sandbox

SHORT = Limits(cpu_s=0.3, wall_s=0.8, memory_mb=64, output_mb=1, processes=8)

CALLS = [
    ("def solve(a, b):\n    return a + b\n", Verdict.PASS, ""),
    ("def solve(a, b):\n    return a - b\n", Verdict.WRONG, ""),
    ("def solve(a, b):\n    return float(a + b)\n", Verdict.WRONG, ""),
    ("def solve(a, b):\n    raise ValueError('no')\n", Verdict.EXCEPTION, "ValueError: no"),
    ("def solve(a):\n    return a\n", Verdict.EXCEPTION, "TypeError"),
    ("raise RuntimeError\ndef solve(a, b): pass\n", Verdict.EXCEPTION, "RuntimeError"),
    ("def solve(a, b):\n    while True: pass\n", Verdict.TIMEOUT, "CPU"),
    ("import time\ndef solve(a, b):\n    time.sleep(60)\n", Verdict.TIMEOUT, "wall"),
    ("def solve(a, b):\n    return len(bytearray(10**9))\n", Verdict.MEMORY, "MemoryError"),
    ("def solve(a, b):\n    print('x' * 3_000_000)\n    return a + b\n", Verdict.OUTPUT, "1 MB"),
    ("import os\ndef solve(a, b):\n    os._exit(0)\n", Verdict.CRASH, "without an answer"),
    ("import ctypes\ndef solve(a, b):\n    ctypes.string_at(0)\n", Verdict.CRASH, "SIGSEGV"),
    ("def solve(a, b) return a\n", Verdict.SYNTAX, "line 1"),
    ("def solve(a, b):\n    return '\0'\n", Verdict.SYNTAX, "null bytes"),
    ("def sum_of(a, b):\n    return a + b\n", Verdict.MISSING, "solve"),
    ("solve = 5\n", Verdict.MISSING, "int"),
    ("def solve(a, b):\n    return lambda: a + b\n", Verdict.INVALID, "function"),
    ("", Verdict.MISSING, "solve"),
]


@pytest.mark.parametrize(("source", "verdict", "error"), CALLS)
def test_verdicts_of_calls(box: Sandbox, source: str, verdict: Verdict, error: str) -> None:
    limits = replace(SHORT, wall_s=10) if error == "CPU" else SHORT  # which it is to meet first on a busy machine, too
    report = box.judge(Program(source, "solve"), [Call((2, 3), expected=5)], limits=limits)
    (judgement,) = report.judgements
    assert judgement.verdict is verdict
    assert error in judgement.outcome.error
    assert report.total == 1
    assert report.passed == (verdict is Verdict.PASS)
    assert report.shell == box.identity


FORKS = """
import os
def solve(n):
    for _ in range(n):
        if os.fork() == 0:
            raise KeyError(n)
        os.wait()
    return n
"""


@pytest.mark.parametrize("isolation", ["test", "program"])
def test_a_child_of_the_program_does_not_answer_for_it(best: Sandbox, isolation: str) -> None:
    cases = [Call((n,), expected=n) for n in (0, 2, 1)]
    assert best.judge(Program(FORKS, "solve"), cases, isolation=isolation).all_passed
    script = FORKS + "print(solve(2))\n"
    assert best.judge(script, [Stdin(expected="2")]).all_passed


THREADED = """
import multiprocessing, os, random, threading
def solve(n):
    numbers = multiprocessing.get_context("fork").SimpleQueue()
    def start():
        children = [multiprocessing.get_context("fork").Process(target=draw, args=(numbers,)) for _ in range(n)]
        for each in children: each.start()
        for each in children: each.join()
    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    return len({numbers.get() for _ in range(n)})
def draw(numbers):
    assert threading.current_thread() is threading.main_thread()
    numbers.put(random.random())
"""


def test_children_of_threads_find_their_libraries_in_order(best: Sandbox) -> None:
    report = best.judge(Program(THREADED, "solve"), [Call((3,), expected=3)])
    assert report.all_passed, report.judgements[0].outcome


ORPHAN = """
import os, time
def solve(n):
    reader, writer = os.pipe()
    if os.fork() == 0:
        if os.fork() == 0:
            began = time.process_time()
            while time.process_time() - began < n: pass
            os.write(writer, b"x")
            time.sleep(30)
        os._exit(0)
    os.wait()
    os.read(reader, 1)
    return n
"""


def test_the_work_of_orphans_counts(box: Sandbox) -> None:
    report = box.judge(Program(ORPHAN, "solve"), [Call((0.6,), expected=0.6)], limits=Limits(cpu_s=0.3))
    assert report.verdicts == (Verdict.TIMEOUT,)


def test_each_input_of_a_batch_has_the_whole_cpu_limit(best: Sandbox) -> None:
    slow = "import time\ndef solve(n):\n    end = time.process_time() + 0.15\n    while time.process_time() < end: pass\n    return n\n"
    cases = [Call((n,), expected=n) for n in range(6)]
    assert best.judge(Program(slow, "solve"), cases, isolation="program", limits=Limits(cpu_s=0.3)).all_passed


def test_a_checker_is_not_shown_what_is_no_data(best: Sandbox) -> None:
    forged = "import os\ndef solve(n):\n    os.pwrite(3, b'cv{junk', 0)\n    os._exit(0)\n"
    honest = "def solve(n):\n    return n\n"
    yes = Checker("def check(given, output, expected):\n    return True\n")
    pairs = [(Program(source, "solve"), [Call((1,), expected=1)]) for source in (forged, honest)]
    bad, good = best.judge_many(pairs, compare=yes)
    assert (bad.verdicts, good.verdicts) == ((Verdict.INVALID,), (Verdict.PASS,))


def test_a_judgement_with_a_checker_stops_at_the_first_failure_when_asked_to(best: Sandbox) -> None:
    even = Checker("def check(given, output, expected):\n    return output % 2 == 0\n")
    cases = [Call((n,), expected=None) for n in (0, 1, 2)]
    program = Program("def solve(n):\n    return n\n", "solve")
    report = best.judge(program, cases, compare=even, stop_at_first_failure=True)
    assert (report.verdicts, report.total) == ((Verdict.PASS, Verdict.WRONG), 3)


def test_an_expectation_of_a_subclass_is_its_plain_base(best: Sandbox) -> None:
    pair = collections.namedtuple("pair", "a b")
    program = Program("def solve(n):\n    return (n, n)\n", "solve")
    for compare in (None, Unordered(), Floats()):
        assert best.judge(program, [Call((1,), expected=pair(1, 1))], compare=compare).all_passed
    assert best.judge("print(3)", [Stdin(b"", expected=b"3\n")]).all_passed


def _check_numpy(box: Sandbox) -> None:
    source = "import numpy\ndef solve(numbers):\n    return float(numpy.mean(numpy.array(numbers)))\n"
    assert box.judge(Program(source, "solve"), [Call(([1, 2, 6],), expected=3.0)]).all_passed
    draw = Program("import numpy as np\ndef solve(n):\n    return float(np.random.rand())\n", "solve")
    one, other = box.run(draw, [Call((1,)), Call((2,))])
    (again,) = box.run(Program(f"{draw.source}\n", "solve"), [Call((1,))])
    assert one.value == again.value != other.value


def test_numpy_can_be_imported(box: Sandbox) -> None:
    _check_numpy(box)


def test_the_numpy_profile_has_it_loaded(shell_name: str) -> None:
    with open_sandbox(shell_name, profile="numpy") as box:
        _check_numpy(box)
        loaded = "import sys\ndef solve(n):\n    return 'numpy' in sys.modules\n"
        assert box.judge(Program(loaded, "solve"), [Call((1,), expected=True)]).all_passed


def test_single_numbers_of_numpy_count_as_pythons_own(best: Sandbox) -> None:
    for said, value in (("int64(3)", 3), ("bool_(True)", True), ("float32(0.5)", 0.5), ("uint8(7)", 7)):
        program = Program(f"import numpy\ndef solve(n):\n    return [numpy.{said}, {{n: numpy.{said}}}]\n", "solve")
        assert best.judge(program, [Call((1,), expected=[value, {1: value}])]).all_passed
        test = f"def test_it():\n    x = {value!r}\n    found = solve(1)\n    assert found[0] == x\n"
        assert best.judge(program, [CodeTests(test)]).all_passed
    array = Program("import numpy\ndef solve(n):\n    return numpy.ones(n)\n", "solve")
    assert best.judge(array, [Call((2,), expected=[1.0, 1.0])]).verdicts == (Verdict.INVALID,)


SCRIPTS = [
    ("print(sum(map(int, input().split())))", Verdict.PASS),
    ("print(5, end='')", Verdict.PASS),
    ("print(6)", Verdict.WRONG),
    ("pass", Verdict.WRONG),
    ("print(5)\nraise SystemExit(0)", Verdict.PASS),
    ("print(5)\nraise SystemExit(3)", Verdict.EXCEPTION),
    ("print(5)\nimport sys; sys.exit('bad')", Verdict.EXCEPTION),
    ("print(5)\n1 / 0", Verdict.EXCEPTION),
    ("import os\nos.write(1, b'5')\nos._exit(0)", Verdict.PASS),
    ("import os\nos.write(1, b'5')\nos._exit(2)", Verdict.EXCEPTION),
    ("import os\nos.abort()", Verdict.CRASH),
    ("print('5' * 2_000_000)", Verdict.OUTPUT),
    ("while True: pass", Verdict.TIMEOUT),
    ("print(5", Verdict.SYNTAX),
    ("import atexit\natexit.register(print, 5)", Verdict.PASS),
    ("import threading\nthreading.Timer(0.05, lambda: print(5)).start()", Verdict.PASS),
    ("if __name__ == '__main__':\n    print(5)", Verdict.PASS),
    ("print(5)\nexit()", Verdict.PASS),
    ("print(5)\nquit(0)", Verdict.PASS),
]


@pytest.mark.parametrize(("source", "verdict"), SCRIPTS)
def test_verdicts_of_scripts(box: Sandbox, source: str, verdict: Verdict) -> None:
    assert box.judge(Program(source), [Stdin("2 3\n", expected="5\n")], limits=SHORT).verdicts == (verdict,)


def test_a_method_of_a_class_is_called_on_an_instance(best: Sandbox) -> None:
    program = Program("class Solution:\n    def add(self, a, b):\n        return a + b\n", "Solution.add")
    assert best.judge(program, [Call((2, 3), expected=5)]).all_passed


def test_a_run_tells_what_it_cost_and_where_it_failed(best: Sandbox) -> None:
    source = "def solve(n):\n    total = sum(range(n))\n    print('seen', n)\n    return total // (n - 5_000_000)\n"
    fine, failed = best.run(Program(source, "solve"), [Call((4_000_000,)), Call((5_000_000,))])
    assert fine.failure is None
    assert fine.stdout == "seen 4000000\n"
    assert 0.001 < fine.cpu_s < 2.0
    assert fine.wall_s > 0
    assert 5 < fine.memory_mb < 60
    assert (failed.failure, failed.line) == (Verdict.EXCEPTION, 4)
    assert "ZeroDivisionError" in failed.stderr


def test_tracing_tells_the_executed_lines_even_of_a_run_that_was_killed(best: Sandbox) -> None:
    source = "def solve(n):\n    if n > 0:\n        while True:\n            n += 1\n    else:\n        return n\n"
    ended, killed = best.run(Program(source, "solve"), [Call((0,)), Call((1,))], trace=True, limits=SHORT)
    assert {1, 2, 6} <= ended.lines
    assert 4 not in ended.lines
    assert killed.failure is Verdict.TIMEOUT
    assert {2, 3, 4} <= killed.lines
    assert 6 not in killed.lines


def test_equal_random_numbers_for_equal_inputs(box: Sandbox) -> None:
    program = Program("import random\ndef solve(n):\n    return [random.random() for _ in range(n)]\n", "solve")
    one, two, other = box.run(program, [Call((3,)), Call((3,)), Call((4,))])
    assert one.value == two.value
    assert one.value != other.value[:3]


def test_a_checker_decides_in_the_sandbox(best: Sandbox) -> None:
    checker = Checker("def check(given, output, expected):\n    return output * output == given[0]\n")
    cases = [Call((9,), expected=None), Call((16,), expected=None)]
    report = best.judge(Program("def solve(n):\n    return -3 if n == 9 else 5\n", "solve"), cases, compare=checker)
    assert report.verdicts == (Verdict.PASS, Verdict.WRONG)
    broken = Checker("def check(given, output, expected):\n    return 1 / 0\n")
    assert best.judge(Program("def solve(n):\n    return 3\n", "solve"), cases, compare=broken).passed == 0
    always = Program("class Yes(int):\n    def __eq__(self, other): return True\ndef solve(n): return Yes()\n", "solve")
    assert best.judge(always, cases, compare=checker).passed == 0
    too_deep = Program("def solve(n):\n    v = bytearray()\n    for _ in range(149): v = [v]\n    return v\n", "solve")
    assert best.judge(too_deep, cases, compare=checker).verdicts == (Verdict.INVALID,) * 2


def test_one_process_for_all_inputs_gives_the_same_verdicts(box: Sandbox) -> None:
    source = (
        "import os\ndef solve(n):\n    if n == 3: raise KeyError(n)\n    if n == 5: os._exit(0)\n"
        "    if n == 7:\n        while True: pass\n    return n * 2 if n != 1 else lambda: 0\n"
    )
    cases = [Call((n,), expected=2 * n) for n in range(10)]
    program = Program(source, "solve")
    apart = box.judge(program, cases, limits=SHORT)
    together = box.judge(program, cases, limits=SHORT, isolation="program")
    assert together.verdicts == apart.verdicts
    assert apart.passed == 6


def test_one_process_for_all_inputs_gives_each_its_own_limit_of_output(best: Sandbox) -> None:
    source = (
        "import os\ndef solve(n):\n    try:\n        os.write(1, bytes(2_000_000 if n == 2 else 500_000))\n"
        "    except OSError:\n        pass\n    return n\n"
    )
    cases = [Call((n,), expected=n) for n in range(5)]
    report = best.judge(Program(source, "solve"), cases, limits=SHORT, isolation="program")
    assert report.verdicts == (Verdict.PASS, Verdict.PASS, Verdict.OUTPUT, Verdict.PASS, Verdict.PASS)


def test_a_matrix_has_a_row_for_each_program(best: Sandbox) -> None:
    programs = [Program(f"def solve(n):\n    return n + {k}\n", "solve") for k in range(3)]
    cases = [Call((n,), expected=n + 1) for n in range(4)]
    table = best.matrix(programs, cases)
    assert [[verdict is Verdict.PASS for verdict in row] for row in table] == [[False] * 4, [True] * 4, [False] * 4]


def test_futures_can_be_awaited_and_overlap(best: Sandbox) -> None:
    source = "import time\ndef solve():\n    began = time.monotonic()\n    time.sleep(1)\n    return began, time.monotonic()\n"

    async def both() -> list[tuple[float, float]]:
        futures = [
            asyncio.wrap_future(best.submit(Program(source, "solve"), [Call((), expected=())])) for _ in range(2)
        ]
        return [report.judgements[0].outcome.value for report in await asyncio.gather(*futures)]

    (first, its_end), (second, end) = asyncio.run(both())
    assert max(first, second) < min(its_end, end)


def test_the_next_program_finds_nothing_of_the_last_one(box: Sandbox) -> None:
    writer = Program(
        "import os\ndef solve():\n    open('left', 'w').write('x')\n    os.mkdir('d')\n    os.chmod('d', 0)\n"
    )
    writer = Program(writer.source, "solve")
    reader = Program("import os\ndef solve():\n    return os.listdir('.')\n", "solve")
    for _ in range(4):
        box.run(writer, [Call(())])
        assert box.run(reader, [Call(())])[0].value == []


def test_a_script_finds_no_module_of_the_function_before_it() -> None:
    with open_sandbox("auto", cache_mb=0) as box:
        box.run(Program("def solve():\n    return __name__\n", "solve"), [Call(())])
        assert box.run("import solution", [Stdin("")])[0].failure is Verdict.EXCEPTION
        assert box.run(Program("def solve():\n    import solution\n", "solve"), [Call(())])[0].failure is None


LOOK_BACK = """
import sys
frame, found = sys._getframe(), set()
while frame:
    for each in [frame.f_globals, *(getattr(value, "__globals__", {}) for value in list(frame.f_globals.values()))]:
        if "_usage" in each:
            found |= {each["_status"].value, *each["_usage"]}
    frame = frame.f_back
print(found)
"""


def test_what_a_run_cost_and_how_it_ended_is_nothing_that_the_next_can_find(box: Sandbox) -> None:
    ends = Program("import os\nos._exit(int(input()))")
    looks = [
        outcome.stdout
        for code in (7, 42)
        for outcome in (*box.run(ends, [Stdin(f"{code}\n")]), *box.run(LOOK_BACK, [Stdin("")]))
    ]
    assert set(looks[1::2]) == {"{0}\n"}
