"""Rules for what a program settles too early or overlooks: each mends its example, in a real sandbox."""

import pytest

from envs.repairer.rules.registry import RULES

WRONG = {
    "any-item": (
        """\
def solve(walks):
    walks = sorted(walks)
    return sum(walk[0] for walk in walks) - walks[-1][0] + walks[-1][1]
""",
        [(([[4, 1], [3, 3]],), 4), (([[9, 9], [8, 1]],), 10), (([[5, 2]],), 2), (([[2, 0], [7, 6], [3, 3]],), 10)],
    ),
    "by-outcome": (
        """\
def solve(cards, turns):
    if not cards or not turns:
        return 0
    moves = [(cards[0], cards[1:]), (cards[-1], cards[:-1])]
    gain, rest = max(moves)
    return gain + solve(rest, turns - 1)
""",
        [(([1, 9, 2], 2), 11), (([3], 2), 3), (([1, 9, 2, 2], 2), 10), (([1, 9, 1, 1, 2], 3), 12), (([], 1), 0)],
    ),
    "none-dropped": (
        """\
def solve(a, b, jobs):
    ends = [(0, a, b)]
    for job in jobs:
        one = min((cost + abs(x - job), job, y) for cost, x, y in ends)
        other = min((cost + abs(y - job), x, job) for cost, x, y in ends)
        ends = [one, other]
    return min(ends)[0]
""",
        [((9, 7, [1, 6, 9]), 11), ((9, 5, [6, 5, 6, 1, 1]), 7), ((8, 6, [4, 4]), 2), ((3, 3, []), 0)],
    ),
    "either-flag": (
        """\
def solve(gains):
    def best(i, free):
        if i == len(gains):
            return 0
        if free:
            return max(gains[i] + best(i + 1, False), best(i + 1, False))
        return best(i + 1, True)

    return best(0, True)
""",
        [(([1, 2, 9],), 10), (([1, 9, 2],), 9), (([5],), 5), (([1, 2, 3, 9, 1, 1],), 12)],
    ),
    "best-of-all": (
        """\
def solve(values):
    cut = 1
    while cut + 1 < len(values):
        now = abs(sum(values[:cut]) - sum(values[cut:]))
        if abs(sum(values[: cut + 1]) - sum(values[cut + 1 :])) >= now:
            break
        cut += 1
    return cut
""",
        [(([1, 2, 3],), 2), (([5, -3, 9, 1],), 1), (([2, -1, 0, 5, 4],), 4), (([1, 1],), 1), (([4, -2, 3, 4, 1],), 3)],
    ),
    "both-at-once": (
        """\
def solve(one, other):
    def steps(i, j):
        if i == 0 or j == 0:
            return i + j
        if one[i - 1] == other[j - 1]:
            return steps(i - 1, j - 1)
        return 1 + min(steps(i - 1, j), steps(i, j - 1))

    return steps(len(one), len(other))
""",
        [(("cat", "cut"), 1), (("abc", "xyz"), 3), (("", "ab"), 2), (("a", "a"), 0), (("ab", "b"), 1)],
    ),
    "signs-in-groups": (
        """\
def solve(text):
    total = 0
    for sign in text:
        if sign.isdigit():
            total += int(sign)
    return total
""",
        [(("a1b2",), 3), (("x12",), 12), (("7 10",), 17), (("",), 0)],
    ),
    "first-alone": (
        "def solve(values):\n    return [value for value in values if value > 0]\n",
        [(([1, -1, -2],), [1, -2]), (([0, 5, 0],), [5, 0]), (([3],), [3]), (([-1],), [])],
    ),
    "last-of-equals": (
        "def solve(values):\n    return [values.index(max(values)), values.index(min(values))]\n",
        [(([1, 3, 3, 1],), [2, 3]), (([2],), [0, 0]), (([0, 5, 0],), [1, 2])],
    ),
    "whole-ending": (
        'def solve(text):\n    return text.rstrip(".0")\n',
        [(("1.10",), "1.10"), (("2.0.0",), "2"), (("3",), "3"), (("10.0",), "10")],
    ),
    "exact-fractions": (
        "def solve(a, b, c):\n    return [a / b * c == a * c / b, a / b < c]\n",
        [
            ((1, 49, 49), [True, True]),
            ((3, 4, 5), [True, True]),
            ((5, 1, 5), [True, False]),
            ((7, 25, 25), [True, True]),
        ],
    ),
    "either-of-two": (
        """\
def solve(chain, x, y):
    meeting = max(set(chain[x]) & set(chain[y]))
    return chain[x][-2] if meeting == x else meeting
""",
        [
            (([[0], [0, 1], [0, 1, 2], [0, 3]], 1, 2), 0),
            (([[0], [0, 1], [0, 1, 2], [0, 3]], 2, 1), 0),
            (([[0], [0, 1], [0, 1, 2], [0, 3]], 2, 3), 0),
            (([[0], [0, 1], [0, 1, 2], [0, 1, 3]], 2, 3), 1),
        ],
    ),
    "other-neighbour": (
        """\
def solve(depth):
    count = 0
    for y in range(len(depth)):
        for x in range(len(depth[0])):
            steep = False
            if x < len(depth[0]) - 1 and depth[y][x + 1] > depth[y][x]:
                steep = True
            if y > 0 and depth[y - 1][x] > depth[y][x]:
                steep = True
            count += not steep
    return count
""",
        [(([[1, 2]],), 1), (([[2, 1]],), 1), (([[2], [1]],), 1), (([[1], [2], [1]],), 1), (([[3]],), 1)],
    ),
    "place-itself": (
        """\
def solve(town):
    rows, columns = len(town), len(town[0])

    def ways(r, c):
        if r == rows - 1 and c == columns - 1:
            return 1
        total = 0
        if r + 1 < rows and town[r + 1][c] != "#":
            total += ways(r + 1, c)
        if c + 1 < columns and town[r][c + 1] != "#":
            total += ways(r, c + 1)
        return total

    return ways(0, 0)
""",
        [((["..", ".."],), 2), ((["#.", ".."],), 0), ((["#"],), 0), ((["."],), 1), ((["..", "#."],), 1)],
    ),
    "smaller-first": (
        """\
def solve(terms):
    low = high = 0
    for sign, size in terms:
        low += sign
        high += sign * size
    return [low, high]
""",
        [(([[1, 6]],), [1, 6]), (([[-1, 6]],), [-6, -1]), (([],), [0, 0]), (([[2, 3], [-1, 4]],), [-2, 5])],
    ),
    "until-it-settles": (
        """\
def solve(n):
    skipped = sum("4" in str(number) for number in range(n + 1))
    answer = n + skipped
    return answer
""",
        [((3,), 3), ((5,), 6), ((36,), 50), ((12,), 13)],
    ),
    "until-the-end": (
        """\
def solve(n):
    rounds = 0
    for _ in range(n):
        if n == 1:
            break
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        rounds += 1
    return rounds
""",
        [((8,), 3), ((3,), 7), ((7,), 16), ((1,), 0)],
    ),
    "overlaps-too": (
        'def solve(text):\n    return text.count("aa")\n',
        [(("aaa",), 2), (("aabaa",), 2), (("aaaa",), 3), (("",), 0)],
    ),
    "replaced-at-once": (
        'def solve(text):\n    return text.replace("k", "p").replace("p", "k")\n',
        [(("kp",), "pk"), (("k",), "p"), (("pp",), "kk"), (("",), "")],
    ),
    "mark-taken-back": (
        """\
def solve(near):
    seen = set()

    def ways(here):
        if here == len(near) - 1:
            return 1
        seen.add(here)
        return sum(ways(there) for there in near[here] if there not in seen)

    return ways(0)
""",
        [
            (([[1, 2], [2], [1, 3], []],), 2),
            (([[1], []],), 1),
            (([[1, 2], [3], [1], []],), 2),
            (([[1, 2, 3], [2, 3], [1, 3], []],), 5),
        ],
    ),
    "better-way-counts": (
        """\
def solve(roads, goal):
    time = {0: 0}
    queue = [0]
    for here in queue:
        for a, b, w in roads:
            if a == here:
                if b not in time:
                    time[b] = time[here] + w
                    queue.append(b)
    return time[goal]
""",
        [
            (([[0, 1, 9], [0, 2, 1], [2, 1, 1]], 1), 2),
            (([[0, 1, 4]], 1), 4),
            (([[0, 1, 1], [1, 2, 1], [0, 2, 5]], 2), 2),
        ],
    ),
    "last-of-best": (
        "from collections import Counter\n\n\ndef solve(letters):\n    return Counter(letters).most_common(1)[0][0]\n",
        [(("ba",), "a"), (("bab",), "b"), (("cbbc",), "b"), (("z",), "z")],
    ),
    "numbers-go-on": (
        """\
PRIMES = [2, 3, 5, 7]


def solve(n):
    return all(n % (p * p) for p in PRIMES)
""",
        [((4,), False), ((6,), True), ((121,), False), ((242,), False), ((11,), True)],
    ),
}


def test_every_rule_of_these_has_an_example():
    rules = {name: each.propose.__module__.rpartition(".")[2] for name, each in RULES.items()}
    assert set(WRONG) == {name for name, module in rules.items() if module in {"exhaustive", "oversights"}}


@pytest.mark.parametrize("name", WRONG)
def test_a_rule_mends_what_it_says(mends, name):
    assert mends(name, *WRONG[name])
