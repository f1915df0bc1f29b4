"""One sandbox for all tests of bugs, and small problems to make them from."""

import pytest

from envs.problems import Case, Problem, Reference, WrongProgram
from envs.problems.bugs.build import build_pool
from envs.problems.schema import Compare
from sandbox import open_sandbox

SUM_LOOP = """\
def balance(moves, floor):
    total = 0  # the running sum
    for move in moves:
        if total + move >= floor:
            total += move
    return total
"""
SUM_RECURSIVE = """\
def balance(moves, floor):
    def go(place, total):
        if place == len(moves):
            return total
        after = total + moves[place]
        return go(place + 1, after if after >= floor else total)

    return go(0, 0)
"""
IGNORES_FLOOR = "def balance(moves, floor):\n    return sum(moves)\n"

COUNT_LINES = """\
n = int(input())
words = [input().strip() for _ in range(n)]
longest = max((len(word) for word in words), default=0)
print(longest)
for word in words:
    if len(word) == longest:
        print(word)
"""
READ_ALL = """\
import sys


def main():
    n, *words = sys.stdin.read().split("\\n")
    words = words[: int(n)]
    longest = 0
    for word in words:
        longest = max(longest, len(word))
    print(longest)
    print("".join(word + "\\n" for word in words if len(word) == longest), end="")


main()
"""
PRINTS_ONE = """\
words = [input() for _ in range(int(input()))]
best = max(words, key=len, default="")
print(len(best))
if words:
    print(best)
"""


def problem(**fields):
    base = dict(title="T", statement="S", family="lists", difficulty=1)
    return Problem(**(base | fields))


@pytest.fixture(scope="session")
def box():
    with open_sandbox("auto", workers=2) as opened:
        yield opened


@pytest.fixture(scope="session")
def balance():
    """A function problem with a small domain."""
    return problem(
        id="balance",
        kind="function",
        entry="balance",
        signature="def balance(moves: list[int], floor: int) -> int",
        references=(Reference("loop", SUM_LOOP), Reference("recursion", SUM_RECURSIVE)),
        wrong=(
            WrongProgram("no floor", IGNORES_FLOOR, "ignores the floor"),
            WrongProgram("strict", SUM_LOOP.replace(">=", ">"), "stops above the floor"),
        ),
        visible=(Case(([1, -3], -1), 1), Case(([], 0), 0)),
        grammar={"moves": "list(int(-9, 9), (0, 8))", "floor": "int(-10, 0)"},
        exhaustive={"moves": "list(int(-1, 1), (0, 3))", "floor": "int(-1, 0)"},
    )


@pytest.fixture(scope="session")
def longest():
    """A stdin problem without a small domain."""
    return problem(
        id="longest",
        kind="stdin",
        references=(Reference("lines", COUNT_LINES), Reference("all at once", READ_ALL)),
        wrong=(WrongProgram("one", PRINTS_ONE, "prints only the first of the longest words"),),
        grammar={"n": "int(0, 6)", "words": "list(str('a-c', (1, 5)), n)"},
        layout="{n}\n{words*}",
        compare=Compare("lines"),
    )


@pytest.fixture(scope="session")
def halves():
    """A function problem whose answers are compared with a tolerance."""
    return problem(
        id="halves",
        kind="function",
        entry="halves",
        references=(
            Reference("divide", "def halves(a):\n    return [x / 2 for x in a]\n"),
            Reference("multiply", "def halves(a):\n    return [0.1 * x * 5 for x in a]\n"),
        ),
        grammar={"a": "list(int(1, 50), (0, 6))"},
        compare=Compare("floats", 1e-6, 1e-6),
    )


@pytest.fixture(scope="session")
def divisor():
    """A function problem with many right answers, which a checker judges."""
    return problem(
        id="divisor",
        kind="function",
        entry="divisor",
        references=(
            Reference("smallest", "def divisor(n):\n    d = 2\n    while n % d:\n        d += 1\n    return d\n"),
            Reference("itself", "def divisor(n):\n    return n\n"),
        ),
        grammar={"n": "int(2, 400)"},
        compare=Compare(
            "checker",
            source="def check(args, output, expected):\n"
            "    return type(output) is int and 1 < output <= args[0] and args[0] % output == 0\n",
        ),
    )


@pytest.fixture(scope="session")
def balance_pool(box, balance):
    return build_pool(balance, box)


@pytest.fixture(scope="session")
def longest_pool(box, longest):
    return build_pool(longest, box)


@pytest.fixture(scope="session")
def halves_pool(box, halves):
    return build_pool(halves, box)


@pytest.fixture(scope="session")
def divisor_pool(box, divisor):
    return build_pool(divisor, box)
