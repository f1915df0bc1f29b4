"""Each rule that rebuilds a stretch of a program mends what it says that it mends, in a real sandbox."""

import pytest

from envs.asking import settle
from envs.problems import Case
from envs.repairer import repair
from envs.repairer.rules.registry import RULES
from envs.repairer.search import PATIENT
from envs.repairer.trial import Exam, tried

WRONG = {
    "every-choice": (
        """\
def solve(amount, coins):
    used = 0
    for value in coins:
        take = amount // value
        amount -= take * value
        used += take
    return used if amount == 0 else -1
""",
        [((6, [4, 3, 1]), 2), ((6, [4, 3]), 2), ((5, [4, 3]), -1), ((0, [2]), 0), ((9, [7, 3]), 3)],
    ),
    "every-next": (
        """\
def solve(jobs):
    clock = late = 0
    for work, due in jobs:
        clock += work
        late += clock > due
    return late
""",
        [(([(3, 3), (1, 1)],), 1), (([(4, 9), (2, 2), (3, 5)],), 0), (([],), 0), (([(2, 1)],), 1)],
    ),
    "every-order": (
        """\
def solve(words):
    order = sorted(words)
    row = ""
    for word in order:
        size = min(len(row), len(word))
        while not row.endswith(word[:size]):
            size -= 1
        row += word[size:]
    return len(row)
""",
        [((["ab", "ca"],), 3), ((["ba", "ac", "cb"],), 4), ((["x"],), 1), ((["ab", "bc"],), 3)],
    ),
    "every-direction": (
        "def solve(text):\n    return min(text[i:] + text[:i] for i in range(len(text)))\n",
        [(("bab",), "abb"), (("acb",), "abc"), (("bcad",), "acbd"), (("z",), "z")],
    ),
    "either-not-both": (
        "def solve(a, b):\n    return a > 0 or b > 0\n",
        [((1, 1), False), ((1, 0), True), ((0, 1), True), ((0, 0), False)],
    ),
    "constant-to-comparison": (
        "def solve(a, b):\n    if b:\n        return 0\n    return int(a > 0)\n",
        [((3, 2), 1), ((2, 3), 0), ((2, 2), 0), ((5, 0), 1), ((-1, 0), 0)],
    ),
    "one-item-differs": (
        "def solve(total, names):\n    return [0 for _ in names]\n",
        [((5, ["a", "b"]), [5, 0]), ((0, ["a"]), [0]), ((7, ["x", "y", "z"]), [7, 0, 0])],
    ),
    "duplicates-lost": (
        "def solve(values):\n    return sorted(set(values) - {0})\n",
        [(([3, 0, 3, 1],), [1, 3, 3]), (([0],), []), (([2, 1],), [1, 2])],
    ),
    "each-once": (
        "from itertools import permutations\n\n\n"
        "def solve(word):\n    return sorted(''.join(letters) for letters in permutations(word))\n",
        [(("ab",), ["ab", "ba"]), (("aab",), ["aab", "aba", "baa"]), (("",), [""])],
    ),
    "reduced-first": (
        "from math import gcd\n\n\ndef solve(a, b):\n    once = gcd(b, 10)\n    return [once, b // once]\n",
        [((2, 4), [2, 1]), ((1, 4), [2, 2]), ((3, 9), [1, 3]), ((5, 5), [1, 1])],
    ),
    "remainder-from-a-start": (
        "def solve(walk, first, k):\n    return walk[k if k < len(walk) else k % (len(walk) - first)]\n",
        [(([5, 6, 7, 8], 1, 4), 6), (([5, 6, 7, 8], 1, 5), 7), (([5, 6], 0, 3), 6), (([5, 6, 7], 2, 9), 7)],
    ),
    "stays-so": (
        """\
def solve(digits):
    total = 0
    for a, b in digits:
        if a + b >= 10:
            total += 1
    return total
""",
        [(([(9, 1), (9, 0)],), 2), (([(1, 1)],), 0), (([(5, 5), (4, 5), (8, 1)],), 3), (([(2, 7), (1, 1)],), 0)],
    ),
    "others-start-anew": (
        """\
def solve(levels):
    found, counts = [], [0, 0, 0]
    for level in levels:
        counts[level] += 1
        found.append(counts[: level + 1])
    return found
""",
        [(([0, 1, 0, 1],), [[1], [1, 1], [2], [2, 1]]), (([0],), [[1]]), (([0, 1, 1],), [[1], [1, 1], [1, 2]])],
    ),
    "results-in-order": (
        "def solve(lines):\n    found = [line for line in lines if line]\n    return found\n",
        [((["b 1", "", "a 2"],), ["b 1", "a 2"]), ((["a 9", "b 4"],), ["b 4", "a 9"])],
    ),
    "padded": (
        "def solve(one, two):\n"
        "    def key(text):\n        return [int(part) for part in text.split('.')]\n"
        "    return key(one) < key(two)\n",
        [(("1.2", "1.2.0"), False), (("1.2", "1.2.1"), True), (("2", "1.9"), False)],
    ),
    "trailing-dropped": (
        "def solve(values):\n    result = [value % 3 for value in values]\n    return result\n",
        [(([1, 3, 3],), [1]), (([3, 1],), [0, 1]), (([3],), [])],
    ),
    "until-seen-before": (
        """\
def solve(signs, room):
    count = 0
    start = room
    while count == 0 or room != start:
        room = signs[room]
        count += 1
    return count
""",
        [(([1, 2, 1], 0), 3), (([0], 0), 1), (([1, 0, 1], 2), 3)],
    ),
    "letter-or-another": (
        """\
def solve(signs):
    total = 0
    for sign in signs:
        if sign == "<":
            total += 1
        if sign == ">":
            total += 10
        if sign == "?":
            total += 100
    return total
""",
        [(("<",), 1), (("?",), 111), (("?>",), 121), (("",), 0)],
    ),
    "queue-to-stack": (
        """\
from collections import deque


def solve(tree):
    queue, found = deque([tree]), []
    while queue:
        name, parts = queue.popleft()
        found.append(name)
        for part in parts:
            queue.append(part)
    return found
""",
        [(([1, [[2, [[3, []]]], [4, []]]],), [1, 2, 3, 4]), (([7, []],), [7])],
    ),
    "fallback-to-addition": (
        """\
def solve(near, far):
    found = [n for n in near if n > 0]
    if not found:
        found = [n for n in far if n > 0]
    return found
""",
        [(([1], [2]), [1, 2]), (([], [3]), [3]), (([1], []), [1])],
    ),
    "runs-not-totals": (
        """\
def solve(text):
    packed = ""
    for letter in dict.fromkeys(text):
        packed += letter + str(text.count(letter))
    return packed
""",
        [(("aab",), "a2b1"), (("aba",), "a1b1a1"), (("",), "")],
    ),
    "begins-with": (
        "def solve(name, others):\n    return sum(name in other for other in others)\n",
        [(("ab", ["abc", "cab"]), 1), (("a", ["b", "ba"]), 0), (("x", ["x"]), 1)],
    ),
    "place-counts": (
        "def solve(values):\n    total = 0\n    for value in values:\n        total += value\n    return total\n",
        [(([5, 5, 5],), 12), (([1],), 1), (([0, 1],), 0)],
    ),
    "zero-given": (
        """\
def solve(words):
    power = 0
    for word in words:
        power = int(word)
    return 3 ** (power or 1)
""",
        [((["0"],), 1), (([],), 3), ((["2"],), 9)],
    ),
    "best-not-first": (
        """\
def solve(values, total):
    for place, value in enumerate(values):
        if value <= total:
            return value
    return -1
""",
        [(([3, 5, 9], 6), 5), (([7], 3), -1), (([1, 2], 2), 2)],
    ),
    "best-not-last": (
        """\
def solve(steps):
    height = 0
    for step in steps:
        height += step
    return height
""",
        [(([3, -2],), 3), (([1, 1],), 2), (([-4],), 0)],
    ),
    "all-pairs": (
        "def solve(values):\n    return sum(a > b for a, b in zip(values, values[1:]))\n",
        [(([3, 2, 1],), 3), (([1, 2],), 0), (([2, 3, 1],), 2)],
    ),
    "nearest-first": (
        """\
from collections import deque


def solve(roads, start, end):
    queue = deque([(0, start)])
    seen = set()
    while queue:
        far, place = queue.popleft()
        if place == end:
            return far
        if place not in seen:
            seen.add(place)
            for a, b, length in roads:
                if a == place:
                    queue.append((far + length, b))
    return -1
""",
        [(([[0, 1, 9], [0, 2, 1], [2, 1, 1]], 0, 1), 2), (([], 0, 1), -1), (([[0, 1, 4]], 0, 1), 4)],
    ),
    "corners-too": (
        """\
def solve(cells):
    known = {tuple(cell) for cell in cells}
    steps = ((0, 1), (1, 0), (0, -1), (-1, 0))
    return sum((a + c, b + d) in known for a, b in known for c, d in steps) // 2
""",
        [(([[0, 0], [1, 1]],), 1), (([[0, 0], [0, 1]],), 1), (([[0, 0], [2, 2]],), 0), (([[0, 1], [1, 0]],), 1)],
    ),
    "from-both-sides": (
        """\
def solve(rates):
    sweets = [1] * len(rates)
    for i in range(1, len(rates)):
        if rates[i] > rates[i - 1]:
            sweets[i] = max(sweets[i], sweets[i - 1] + 1)
    return sweets
""",
        [(([3, 2, 1],), [3, 2, 1]), (([1, 2],), [1, 2]), (([1, 3, 2, 1],), [1, 3, 2, 1]), (([],), [])],
    ),
    "turned-as-well": (
        """\
def solve(rows):
    found = set()
    for row in rows:
        found.add(min([row[i:] + row[:i] for i in range(len(row))], default=""))
    return len(found)
""",
        [((["acb", "bca"],), 1), ((["abc", "bac"],), 1), ((["ab", "aa"],), 2), (([""],), 1)],
    ),
    "digits-in-a-row": (
        """\
def solve(text):
    total = number = 0
    for letter in text:
        if letter == "+":
            total += number
            number = 0
        else:
            number = int(letter)
    return total + number
""",
        [(("1+2",), 3), (("12+3",), 15), (("",), 0), (("407",), 407)],
    ),
    "before-the-first": (
        """\
def solve(rows):
    count = 0
    for r in range(len(rows)):
        for c in range(len(rows[r])):
            if rows[r][c] != rows[r - 1][c] and rows[r][c] != rows[r][c - 1]:
                count += 1
    return count
""",
        [(([[1, 1]],), 1), (([[1, 2], [2, 1]],), 4), (([[3]],), 1), (([[5, 5], [5, 5]],), 1)],
    ),
    "last-counts": (
        """\
def solve(pairs):
    total = 0
    for pair in pairs:
        name, price = pair
        total += price
    return total
""",
        [(([["a", 3], ["a", 4]],), 4), (([],), 0), (([["b", 1], ["c", 2]],), 3)],
    ),
}


def test_every_rule_that_rebuilds_has_an_example():
    elsewhere = {"exhaustive", "oversights"}  # test_exhaustive.py
    rules = {name: each.propose.__module__.rpartition(".")[2] for name, each in RULES.items() if each.depth == 3}
    assert set(WRONG) == {name for name, module in rules.items() if module not in elsewhere}


@pytest.mark.parametrize("name", WRONG)
def test_a_rule_mends_what_it_says(mends, name):
    assert mends(name, *WRONG[name])


def test_a_search_through_all_choices_is_quick_where_states_are_few(box, candidates):
    program = """\
def solve(a, b, jobs):
    total = 0
    for job in jobs:
        if abs(a - job) <= abs(b - job):
            total += abs(a - job)
            a = job
        else:
            total += abs(b - job)
            b = job
    return total
"""
    cases = [((0, 9, [4, 0, 4, 0]), 5), ((0, 1, [1]), 0), ((3, 5, [4, 5, 4]), 1), ((0, 9, [4, 9, 4, 9]), 4)]
    patient, found = candidates("every-choice", program, cases)
    marks = settle(tried(Exam.of(patient, patient.tests, patience=PATIENT), [each.source for each in found]), box)
    right = [each.source for each, mark in zip(found, marks, strict=True) if all(mark)]
    large = Case((0, 9, [4, 0, 4, 0, 9] * 8), 80)  # 2**40 ways to choose
    [marks] = settle(tried(Exam.of(patient, [large], patience=PATIENT), right[:1]), box)
    assert marks == (True,)


def test_a_greedy_program_is_repaired_by_a_search(box):
    program, cases = WRONG["every-choice"]
    cases = [*cases, ((12, [9, 6, 1]), 2), ((30, [25, 10, 1]), 3), ((8, [4, 3, 1]), 2), ((1, [2]), -1)]
    repaired = repair(program, [Case(*case) for case in cases], entry="solve", box=box, budget_s=30)
    assert repaired.solved
    assert {rule for _, rule, _ in repaired.changes} <= {"every-choice", "every-next"}
