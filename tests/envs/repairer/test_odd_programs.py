"""Programs that look odd, or use their surroundings oddly, are seen as the sandbox sees them, and repaired like others."""

from __future__ import annotations

import random

import pytest

from envs.asking import settle
from envs.problems import Case
from envs.repairer import EmbeddedRepairer, repair
from envs.repairer.patient import Patient
from envs.repairer.syntax import mended
from sandbox import Limits

FAST = Limits(cpu_s=0.2, wall_s=0.3)
LINES = [Case((f"{a} {b}\n",), f"{a + b}\n") for a, b in ((2, 3), (10, 4), (7, 0))]
SUMS = [Case((a, b), a + b) for a, b in ((2, 3), (10, 4), (7, 0))]
SCRIPTS = {
    "opens its descriptor in a function": "def main():\n    a, b = map(int, open(0).read().split())\n    print(a - b)\nmain()\n",
    "reads by number": "import os\na, b = map(int, os.read(0, 99).split())\nprint(a - b)\n",
    "writes by number": "import os\na, b = map(int, input().split())\nos.write(1, str(a - b).encode())\n",
    "prints at its exit": "import atexit\nfound = []\natexit.register(lambda: print(*found))\n"
    "a, b = map(int, input().split())\nfound.append(a - b)\n",
    "has a stream of its own": "import io, sys\nsys.stdout = io.TextIOWrapper(sys.stdout.buffer)\n"
    "a, b = map(int, input().split())\nprint(a - b)\n",
    "writes to the first stream": "import sys\na, b = map(int, input().split())\nprint(a - b, file=sys.__stdout__)\n",
}


@pytest.mark.parametrize("program", SCRIPTS.values(), ids=SCRIPTS)
def test_a_script_is_tried_as_the_sandbox_runs_it(program, box):
    found = repair(program, LINES, box=box, budget_s=20, order=["step_by_step_reasoning"])
    assert (found.source, [rule for _, rule, _ in found.changes]) == (program.replace("a - b", "a + b"), ["operator"])
    again = repair(found.source, LINES, box=box)
    assert (again.tried, again.solved, again.source) == (0, True, found.source)


def test_carriage_returns_reach_a_script_as_they_are(box):
    cases = [Case((text,), f"{len(text)}\n") for text in ("ab\r\n", "a\rb", "abc\n")]
    program = "import sys\nprint(len(sys.stdin.read()) - 1)\n"
    assert repair(program, cases, box=box, budget_s=20).solved


FUNCTIONS = {
    "its own words": 'def f(a, b):\n    "plus"\n    return a - b if f.__doc__ == "plus" else None\n',
    "a byte order mark": "\ufeffdef f(a, b):\n    return a - b\n",
    "line ends of old": "def f(a, b):\r    return a - b\r",
    "zeros at the end": "def f(a, b):\n    return a - b\n\0",
    "a character that has none before it": "def f(a, b):\n    return a - b - '\\0x'.count('a')\n",
    "a deque of its own": "class deque:\n    def __init__(self):\n        self.first = 1\n        self.items = []\n"
    "    def __len__(self):\n        return len(self.items)\n\n\ndef f(a, b):\n    deque()\n    return a - b\n",
}


@pytest.mark.parametrize("program", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_function_is_repaired_whatever_it_looks_like(program, box):
    found = repair(program, SUMS, entry="f", box=box, budget_s=20)
    assert found.solved
    assert len(found.changes) <= 2


def test_a_method_of_a_class_in_a_class_is_called(box):
    program = "class A:\n    class B:\n        def f(self, a, b):\n            return a - b\n"
    assert repair(program, SUMS, entry="A.B.f", box=box, budget_s=20, order=["step_by_step_reasoning"]).solved


def test_a_text_that_only_has_to_be_cleaned_is_cleaned_first():
    [found] = mended("\ufeffx = 1\r\ny = 2\0\r\n")
    assert found.source == "x = 1\ny = 2\n"


def test_who_stops_early_has_told_nothing_about_how_long_it_takes(box):
    program = "def f(n):\n    totl = 0\n    for i in range(n):\n        total += i\n    return total\n"
    cases = [Case((n,), n * (n - 1) // 2) for n in (6_000, 3, 0)]
    assert repair(program, cases, entry="f", box=box, budget_s=20).solved
    text = program.replace("totl", "total").replace("(n):", "(n)", 1)
    attempt = settle(EmbeddedRepairer().attempt(Patient(text, cases, "f"), "syntax_check", random.Random(0)), box)
    assert attempt.solved


def test_what_passes_less_of_the_selection_does_not_take_the_place_of_the_program(box):
    program = "def f(a):\n    return a if a < 10 else a + 0\n"
    tests, selection = [Case((a,), a) for a in (1, 5, 7)], [Case((20,), 20), Case((30,), 30), Case((15,), 16)]
    found = repair(program, tests, entry="f", selection=selection, box=box, budget_s=1)
    assert (found.source, found.solved, found.selected) == (program, True, False)


def test_what_is_nested_too_deeply_or_too_long_is_no_traceback(box):
    deep = "def f(a, b):\n    return a - b" + " + 0" * 980 + "\n"
    attempt = settle(
        EmbeddedRepairer().attempt(Patient(deep, SUMS, "f"), "data_structure_change", random.Random(0)), box
    )
    assert not attempt.solved
    long = "# " + 20_000 * "-" + "\ndef f(a, b):\n    return a - b\n"
    with pytest.raises(ValueError, match="programs up to 20,000 can be repaired"):
        repair(long, SUMS, entry="f", box=box)
    attempt = settle(EmbeddedRepairer().attempt(Patient(long, SUMS, "f"), "default", random.Random(0)), box)
    assert "longer than 20,000 characters" in attempt.note


def test_who_never_ends_is_not_waited_for_in_each_test(box):
    program = "import time\ndef f(a, b):\n    time.sleep(600)\n"
    found = repair(program, SUMS * 10, entry="f", box=box, budget_s=0, limits=FAST)
    assert (found.solved, found.tried) == (False, 0)
    assert found.seconds < 6, "30 tests of 0.3 s would take longer"
