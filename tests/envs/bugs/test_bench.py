"""The fast way gives the answers of the plain way: one program, one input, one process."""

import pytest

from envs.problems.bugs.bench import TIMEOUT, TRIAL, Bench
from envs.problems.bugs.inside import canonical
from envs.problems.bugs.judge import literal
from sandbox import Call, Limits, Program, Stdin

FUNCTIONS = {
    "a default argument that remembers": "def f(x, seen=[]):\n    seen.append(x)\n    return len(seen)\n",
    "a global that remembers": "n = 0\ndef f(x):\n    global n\n    n += x\n    return n\n",
    "a cache that remembers": "from functools import cache\nlog = []\n@cache\ndef g(x):\n    log.append(x)\n"
    "    return x\ndef f(x):\n    return g(x), len(log)\n",
    "arguments changed in place": "def f(x):\n    return x\n",
    "a class": "class S:\n    def f(self, x):\n        return x + 1\n",
    "an exception": "def f(x):\n    return 1 // (x - 2)\n",
    "an exit": "import sys\ndef f(x):\n    sys.exit(0)\n",
    "no entry": "def g(x):\n    return x\n",
    "no plain value": "def f(x):\n    return object()\n",
    "a generator": "def f(x):\n    yield x\n",
    "sets and dictionaries": "def f(x):\n    return {x: {1, 2, x}, 'a': frozenset('cab')}, -0.0, 1e300 * 10, True\n",
    "print": "def f(x):\n    print('hello')\n    return x\n",
    "deep recursion": "def f(x):\n    return f(x + 1)\n",
    "a long number": "def f(x):\n    return 7 ** 6000\n",
    "too much memory": "def f(x):\n    return len([0] * 10 ** 10)\n",
    "sudden death": "import os\ndef f(x):\n    if x == 2:\n        os._exit(3)\n    return x\n",
    "main guard": "def f(x):\n    return __name__\nif __name__ == '__main__':\n    f = None\n",
    "data class": "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\ndef f(x):\n    return P(x).x\n",
}
SCRIPTS = {
    "input": "print(int(input()) + 1)\n",
    "lines": "import sys\nfor line in sys.stdin:\n    print(line.strip()[::-1])\n",
    "buffer": "import sys\nsys.stdout.buffer.write(sys.stdin.buffer.read())\n",
    "readline as input": "import sys\ninput = sys.stdin.readline\nprint(repr(input()))\n",
    "descriptor": "print(sum(map(int, open(0).read().split())))\n",
    "exit with success": "import sys\nprint(1)\nsys.exit()\nprint(2)\n",
    "exit with failure": "print(1)\nraise SystemExit(3)\n",
    "end of input": "print(input(), input(), input())\n",
    "main guard": "def main():\n    print(len(input()))\nif __name__ == '__main__':\n    main()\n",
    "no line end": "print('x', end='')\n",
}


def plain_way(box, source, entry, inputs):
    """The answers in the bench's notation, by one fork for each input and nothing of ours inside."""
    cases = [Call(args=args) if entry else Stdin(args[0]) for args in inputs]
    outcomes = box.run(Program(source, entry or None), cases, limits=Limits(cpu_s=0.5))
    return [
        f"!{outcome.failure.name}"
        if outcome.failure
        else "=" + (canonical(outcome.value, 0) if entry else repr(outcome.stdout))
        for outcome in outcomes
    ]


@pytest.mark.parametrize("name", list(FUNCTIONS))
def test_functions_answer_as_in_a_process_of_their_own(box, name):
    source, entry = FUNCTIONS[name], "S.f" if name == "a class" else "f"
    inputs = [(1,), (2,), (3,), (1,)]
    bench = Bench(box, entry, inputs)
    [answers] = bench.answers([source], [[50] * 4], range(4))
    assert answers == plain_way(box, source, entry, inputs)


@pytest.mark.parametrize("name", list(SCRIPTS))
def test_scripts_print_as_in_a_process_of_their_own(box, name):
    inputs = [("12\n",), ("5\n7\n",), ("",), ("ä\n",)]
    bench = Bench(box, "", inputs)
    [answers] = bench.answers([SCRIPTS[name]], [[50] * 4], range(4))
    assert answers == plain_way(box, SCRIPTS[name], "", inputs)


@pytest.mark.parametrize(
    "loop",
    [
        "while True:\n        pass",
        "while x < 9:\n        try:\n            x += 0\n        except BaseException:\n            pass",
        "from itertools import count\n    next(i for i in count() if i < 0)",
        "g = lambda: g()\n    while x:\n        try:\n            g()\n        except Exception:\n            x += 0",
    ],
)
def test_an_endless_program_is_cut_off_after_the_same_work_everywhere(box, loop):
    bench = Bench(box, "f", [(1,), (9,)])
    source = f"def f(x):\n    {loop}\n    return x\n"
    assert bench.answers([source], [[10, 10]], [0])[0] == [TIMEOUT]
    assert bench.endless([source], [[0]], 20_000) == [True]


def test_a_slow_program_is_told_from_an_endless_one(box):
    bench = Bench(box, "f", [(1,)])
    source = "def f(x):\n    for i in range(9000):\n        x += i\n    return x\n"
    assert bench.answers([source], [[10]], [0]) == [[TIMEOUT]]
    assert bench.endless([source], [[0]], 20_000) == [False]


def test_a_slow_right_program_is_not_given_up(box):
    bench = Bench(box, "f", [(number,) for number in range(8)])
    source = "def f(x):\n    return sum(range(5_000_000 + x))\n"
    _, ticks = bench.study(source)
    assert bench.cpu_s > TRIAL.cpu_s
    assert bench.answers([source], [ticks], range(8), TRIAL)[0] is not None


def test_one_program_that_dies_does_not_harm_its_group(box):
    inputs = [(number,) for number in range(6)]
    good, bad = "def f(x):\n    return x\n", FUNCTIONS["sudden death"]
    answers = Bench(box, "f", inputs).answers([good, bad, good], [[9] * 6] * 3, range(6))
    assert answers[0] == answers[2] == [f"={number}" for number in range(6)]
    assert answers[1] == ["=0", "=1", "!CRASH", "=3", "=4", "=5"]


def test_a_program_that_dies_too_often_is_given_up(box):
    inputs = [(number,) for number in range(20)]
    [answers] = Bench(box, "f", inputs).answers(["import os\ndef f(x):\n    os._exit(1)\n"], [[9] * 20], range(20))
    assert answers is None


def test_the_rows_asked_for_are_the_rows_answered(box):
    bench = Bench(box, "f", [(10,), (20,), (30,)])
    assert bench.answers(["def f(x):\n    return x\n"], [[5, 5, 5]], [2, 0]) == [["=30", "=10"]]


def test_a_reference_that_fails_is_reported_with_its_failure(box):
    with pytest.raises(ValueError, match="ends with"):
        Bench(box, "f", [(1,)]).study("import os\ndef f(x):\n    os._exit(1)\n")


def test_ticks_count_the_rounds_of_loops_and_the_starts_of_functions(box):
    _, ticks = Bench(box, "f", [(0,), (5,)]).study("def f(x):\n    for _ in range(x):\n        pass\n")
    assert ticks == [1, 6]


VALUES = [
    None, True, 1, -5, 1.5, -0.0, float("inf"), float("-inf"), "a\n'\"", b"\x00", [], [1, "a", True], (1,), (),
    {"b": 1, "a": [2]}, {(1, 2): {3}}, {3, 1, 2}, frozenset("xyz"), [[1.0], {"k": {frozenset({1})}}], 7**6000, "\ud800",
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_comes_back_from_its_text(value):
    again = literal(canonical(value, 0))
    assert again == value
    assert type(again) is type(value)


@pytest.mark.parametrize(
    ("one", "other"), [(1, True), (1, 1.0), ([1], (1,)), ("1", 1), ({1}, frozenset({1})), ([], ())]
)
def test_values_of_different_types_have_different_texts(one, other):
    assert canonical(one, 0) != canonical(other, 0)


def test_the_order_of_sets_and_dictionaries_does_not_show():
    assert canonical({"a": 1, "b": 2}, 0) == canonical({"b": 2, "a": 1}, 0)
    assert canonical({8, 16, 1}, 0) == canonical({16, 1, 8}, 0)
