"""Each operator makes the mistake that it is named for, and there is none without an example."""

import pytest

from envs.problems.bugs.mutate import first_order
from envs.problems.bugs.registry import OPERATORS

EXAMPLES = {
    "boundary": ("x = a < b\n", "x = a <= b\n"),
    "direction": ("x = a <= b\n", "x = a >= b\n"),
    "equal-as-order": ("while i != n:\n    i += 1\n", "while i < n:\n    i += 1\n"),
    "equality-negated": ("x = a == b\n", "x = a != b\n"),
    "membership-negated": ("x = a  not   in b\n", "x = a  in b\n"),
    "identity-negated": ("x = a is not b\n", "x = a is b\n"),
    "none-by-truth": ("if best is None or x > best:\n    best = x\n", "if not best or x > best:\n    best = x\n"),
    "chain-halved": ("ok = 0 <= row < height\n", "ok = row < height\n"),
    "compare-off-by-one": ("while low < high:\n    low += 2\n", "while low < high - 1:\n    low += 2\n"),
    "compare-swapped": ("x = small in large\n", "x = large in small\n"),
    "arithmetic-swap": ("x = a + b\n", "x = a - b\n"),
    "bitwise-swap": ("x = a & b\n", "x = a | b\n"),
    "division-kind": ("x = (low + high) // 2\n", "x = int((low + high) / 2)\n"),
    "operand-dropped": ("x = (a * b) % m\n", "x = a * b\n"),
    "operands-swapped": ("x = a - b\n", "x = b - a\n"),
    "sign-dropped": ("push(heap, -x)\n", "push(heap, x)\n"),
    "parentheses-dropped": ("mid = (low + high) // 2\n", "mid = low + high // 2\n"),
    "one-too-many": ("def f(x):\n    return len(x)\n", "def f(x):\n    return len(x) + 1\n"),
    "initial-value": ("best = nums[0]\n", "best = 0\n"),
    "first-element-unseen": ("seen = {start}\n", "seen = set()\n"),
    "update-sign": ("total += x\n", "total -= x\n"),
    "accumulator-overwritten": ("total += x\n", "total = x\n"),
    "assignment-accumulates": ("for x in y:\n    run = x\n", "for x in y:\n    run += x\n"),
    "best-overwritten": ("best = max(best, run)\n", "best = run\n"),
    "update-step": ("i += step\n", "i += 1\n"),
    "assigned-in-turn": ("a, b = b, a + b\n", "a = b\nb = a + b\n"),
    "default-shared": (
        "def f(x):\n    seen = []\n    return seen + x\n",
        "def f(x, seen=[]):\n    return seen + x\n",
    ),
    "state-reset-missed": (
        "for row in rows:\n    run = 0\n    run += row\n",
        "run = 0\nfor row in rows:\n    run += row\n",
    ),
    "call-dropped": ("x = abs(a - b) * 2\n", "x = (a - b) * 2\n"),
    "copy-missing": ("found.append(path[:])\n", "found.append(path)\n"),
    "rows-shared": ("t = [[0] * w for _ in range(h)]\n", "t = [[0] * w] * h\n"),
    "rounding": ("x = round(y)\n", "x = int(y)\n"),
    "text-step-dropped": ("word = line.strip().lower()\n", "word = line.strip()\n"),
    "split-kind": ("words = line.split()\n", 'words = line.split(" ")\n'),
    "sort-dropped": ("x = sorted(y)\n", "x = list(y)\n"),
    "sort-reversed": ("x.sort(key=len)\n", "x.sort(key=len, reverse=True)\n"),
    "tie-break": ("x.sort(key=lambda p: (p[1], p[0]))\n", "x.sort(key=lambda p: p[1])\n"),
    "key-sign": ("x.sort(key=lambda p: p[1])\n", "x.sort(key=lambda p: -p[1])\n"),
    "container-choice": ("x = len(set(y))\n", "x = len(list(y))\n"),
    "default-of-get": ("n = count.get(x, 0) + 1\n", "n = count[x] + 1\n"),
    "spread-dropped": ("print(*x)\n", "print(x)\n"),
    "and-or": ("x = a and b\n", "x = a or b\n"),
    "condition-part-dropped": ("if a and b > 0:\n    c()\n", "if b > 0:\n    c()\n"),
    "condition-order": ("x = i < n and y[i]\n", "x = y[i] and i < n\n"),
    "not-dropped": ("x = not a\n", "x = a\n"),
    "condition-negated": ("if a.ok():\n    b()\n", "if not a.ok():\n    b()\n"),
    "truth-value-flipped": ("x = True\n", "x = False\n"),
    "branches-swapped": ("x = a if c else b\n", "x = b if c else a\n"),
    "branch-forgotten": ("x = a if c else b\n", "x = a\n"),
    "elif-as-if": (
        "if a:\n    x = 1\nelif b:\n    x = 2\n",
        "if a:\n    x = 1\nif b:\n    x = 2\n",
    ),
    "condition-removed": (
        "for x in y:\n    if x > 0:  # only gains\n        total += x\n",
        "for x in y:\n    total += x\n",
    ),
    "guard-dropped": ("a()\nif x:\n    b()\n", "a()\n"),
    "else-dropped": ("if a:\n    x = 1\nelse:\n    x = 2\n", "if a:\n    x = 1\n"),
    "filter-dropped": ("x = [a for a in b if a]\n", "x = [a for a in b]\n"),
    "any-all": ("x = any(y)\n", "x = all(y)\n"),
    "constant-off-by-one": ("x = y % 3\n", "x = y % 2\n"),
    "constant-scaled": ("x = y // 100\n", "x = y // 10\n"),
    "infinity-too-small": ('best = float("inf")\n', "best = 1000\n"),
    "text-case": ('print("Yes")\n', 'print("YES")\n'),
    "text-cut": ("x = y in 'aeiou'\n", "x = y in 'aeio'\n"),
    "separator": ('x = " ".join(y)\n', 'x = ", ".join(y)\n'),
    "entry-missing": (
        "steps = [(0, 1), (1, 0), (0, -1)]\n",
        "steps = [(0, 1), (1, 0)]\n",
    ),
    "pair-missing": ('pairs = {"(": ")", "[": "]"}\n', 'pairs = {"[": "]"}\n'),
    "values-swapped": ('value = {"I": 1, "V": 5}\n', 'value = {"I": 5, "V": 1}\n'),
    "sign-of-constant": ("x = move(1)\n", "x = move(-1)\n"),
    "break-as-continue": (
        "for x in y:\n    if x:\n        break\n    z += x\n",
        "for x in y:\n    if x:\n        continue\n    z += x\n",
    ),
    "continue-as-break": (
        "for x in y:\n    if x:\n        continue\n    z += x\n",
        "for x in y:\n    if x:\n        break\n    z += x\n",
    ),
    "jump-dropped": (
        "for x in y:\n    if x:\n        break\n    z += x\n",
        "for x in y:\n    if x:\n        pass\n    z += x\n",
    ),
    "loop-once": ("while x % 2 == 0:\n    x //= 2\n", "if x % 2 == 0:\n    x //= 2\n"),
    "stops-after-first": (
        "for x in y:\n    if x:\n        n += 1\n",
        "for x in y:\n    if x:\n        n += 1\n        break\n",
    ),
    "return-in-loop-as-break": (
        "def f(y):\n    for x in y:\n        return x\n",
        "def f(y):\n    for x in y:\n        break\n",
    ),
    "loop-end-condition": ("while n:\n    n -= 1\n", "while n > 1:\n    n -= 1\n"),
    "else-of-loop": (
        "for x in y:\n    if x:\n        break\nelse:\n    z()\n",
        "for x in y:\n    if x:\n        break\nif True:\n    z()\n",
    ),
    "neighbours": (
        "for i in a:\n    for j in range(i + 1, n):\n        f(i, j)\n",
        "for i in a:\n    for j in range(i + 2, n):\n        f(i, j)\n",
    ),
    "wrong-variable": (
        "def f(a, b):\n    left = a + 1\n    return left + b\n",
        "def f(a, b):\n    left = a + 1\n    return left + a\n",
    ),
    "method-swap": ("x = queue.popleft()\n", "x = queue.pop()\n"),
    "text-method-swap": ("x = y.rstrip()\n", "x = y.strip()\n"),
    "min-max": ("x = min(y)\n", "x = max(y)\n"),
    "arguments-swapped": ("x = power(a, b)\n", "x = power(b, a)\n"),
    "argument-dropped": ("x = int(y, 2)\n", "x = int(y)\n"),
    "keyword-dropped": ("x = sorted(y, key=len)\n", "x = sorted(y)\n"),
    "unpacking-swapped": ("a, b = pair\n", "b, a = pair\n"),
    "range-end": ("for i in range(n - 1):\n    f(i)\n", "for i in range(n):\n    f(i)\n"),
    "range-start": ("for i in range(n):\n    f(i)\n", "for i in range(1, n):\n    f(i)\n"),
    "range-step": ("for i in range(0, n, k):\n    f(i)\n", "for i in range(0, n):\n    f(i)\n"),
    "slice-bound": ("x = y[:k]\n", "x = y[:k + 1]\n"),
    "slice-bound-dropped": ("x = y[i:]\n", "x = y[:]\n"),
    "slice-step": ("x = y[::-1]\n", "x = y[::]\n"),
    "index-shift": ("x = y[i + 1]\n", "x = y[i]\n"),
    "indexes-swapped": ("x = grid[row][column]\n", "x = grid[column][row]\n"),
    "length-off-by-one": ("x = y[0] + len(y) * 2\n", "x = y[0] + (len(y) - 1) * 2\n"),
    "enumerate-start": ("for i, x in enumerate(y):\n    f(i)\n", "for i, x in enumerate(y, 1):\n    f(i)\n"),
    "reverse-dropped": ("for x in reversed(y):\n    f(x)\n", "for x in y:\n    f(x)\n"),
    "first-skipped": ("for x in y:\n    f(x)\n", "for x in y[1:]:\n    f(x)\n"),
    "statement-dropped": ("a()\nb()\n", "a()\n"),
    "statement-doubled": ("a()\n", "a()\na()\n"),
    "statements-swapped": ("x = y\ny = z  # late\n", "y = z\nx = y  # late\n"),
    "leaves-block": (
        "for x in y:\n    if x:\n        a()\n        n += 1\n",
        "for x in y:\n    if x:\n        a()\n    n += 1\n",
    ),
    "enters-block": (
        "def f(y):\n    for x in y:\n        a(x)\n    return y\n",
        "def f(y):\n    for x in y:\n        a(x)\n        return y\n",
    ),
    "base-case-dropped": (
        "def f(n):\n    if n < 2:\n        return n\n    return f(n - 1)\n",
        "def f(n):\n    return f(n - 1)\n",
    ),
    "early-return": (
        "def f(y):\n    n = 0\n    for x in y:\n        n += x\n    return n\n",
        "def f(y):\n    n = 0\n    for x in y:\n        n += x\n        return n\n    return n\n",
    ),
    "return-value": ("def f():\n    return -1\n", "def f():\n    return 0\n"),
    "exception-swallowed": (
        "a()\nx = y[i]  # may be missing\n",
        "a()\ntry:\n    x = y[i]  # may be missing\nexcept Exception:\n    pass\n",
    ),
    "handler-emptied": (
        "try:\n    a()\nexcept KeyError:\n    b()\n",
        "try:\n    a()\nexcept KeyError:\n    pass\n",
    ),
    "handler-too-narrow": (
        "try:\n    a()\nexcept ValueError:\n    b()\n",
        "try:\n    a()\nexcept KeyError:\n    b()\n",
    ),
    "loop-capped": (
        "while low < high:\n    low += 1\n",
        "for _ in range(10):\n    if not (low < high):\n        break\n    low += 1\n",
    ),
    "rest-ignored": ("for x in y:\n    f(x)\n", "for x in y[:20]:\n    f(x)\n"),
    "repeats-skipped": ("x = [f(a) for a in b]\n", "x = [f(a) for a in dict.fromkeys(b)]\n"),
    "index-by-value": (
        "for i, x in enumerate(y):\n    f(i, x)\n",
        "for i, x in enumerate(y):\n    f(y.index(x), x)\n",
    ),
    "first-kept": ("place[x] = i\n", "place.setdefault(x, i)\n"),
    "last-kept": ("place.setdefault(x, i)\n", "place[x] = i\n"),
    "sorted-as-text": ("x = sorted(y)\n", "x = sorted(y, key=str)\n"),
    "sign-ignored": ("x = (a + b) % m\n", "x = abs(a + b) % m\n"),
    "result-clamped": ("def f(x):\n    return x\n", "def f(x):\n    return max(x, 0)\n"),
    "base-case-added": (
        "def f(x):\n    return len(x) * 2\n",
        "def f(x):\n    if len(x) < 2:\n        return x[0]\n    return len(x) * 2\n",
    ),
    "raise-dropped": ("if x:\n    raise ValueError('no')\n", "if x:\n    pass\n"),
}


@pytest.mark.parametrize("name", list(OPERATORS))
def test_an_operator_makes_its_mistake(name):
    before, after = EXAMPLES[name]
    assert after in [mutant.source for mutant in first_order(before, [name])]


@pytest.mark.parametrize("name", list(OPERATORS))
def test_an_operator_says_what_goes_wrong_in_one_line(name):
    assert OPERATORS[name].summary.endswith((".", "`."))


def test_no_example_is_left_over():
    assert set(EXAMPLES) == set(OPERATORS)


def test_an_unknown_operator_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="'bondary' is unknown; choose from .*boundary"):
        first_order("x = 1\n", ["bondary"])
