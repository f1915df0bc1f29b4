"""Diffs apply where their lines are, in spite of wrong numbers; what fits nowhere is refused whole."""

import difflib
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envs.text import Misread, read_diff

OLD = """\
import math


def solve(values, limit):
    total = 0
    for value in values:
        if value > limit:
            total -= value
    return total


def other(values):
    total = 0
    for value in values:
        total -= value
    return total
"""
NEW = OLD.replace("            total -= value", "            total += value")


def patch(diff, old=OLD):
    return read_diff(f"```diff\n{diff}\n```", old)


FORMS = {
    "as difflib writes it": "".join(difflib.unified_diff(OLD.splitlines(True), NEW.splitlines(True), "a", "b")),
    "of git": "diff --git a/x.py b/x.py\nindex 1..2 100644\n--- a/x.py\n+++ b/x.py\n@@ -8 +8 @@ def solve(values):\n-            total -= value\n+            total += value",
    "without context": "@@ -8,1 +8,1 @@\n-            total -= value\n+            total += value",
    "line numbers far off": "@@ -1,3 +1,3 @@\n         if value > limit:\n-            total -= value\n+            total += value\n     return total",
    "counts wrong": "@@ -7,9 +7,9 @@\n         if value > limit:\n-            total -= value\n+            total += value\n     return total",
    "no numbers": "@@\n         if value > limit:\n-            total -= value\n+            total += value",
    "dots for numbers": "@@ ... @@\n         if value > limit:\n-            total -= value\n+            total += value",
    "no head at all": "         if value > limit:\n-            total -= value\n+            total += value",
    "a context line that is wrong": "@@ -7,3 +7,3 @@\n         if value >= limit:\n-            total -= value\n+            total += value\n     return total",
    "white space at line ends": "@@ -7,2 +7,2 @@\n         if value > limit:   \n-            total -= value\t\n+            total += value",
    "indentation lost": "@@ -7,2 +7,2 @@\n if value > limit:\n-    total -= value\n+    total += value",
    "mark of context lost": "@@ -7,2 +7,2 @@\n        if value > limit:\n-            total -= value\n+            total += value",
    "blank of an empty line lost": "@@ -7,5 +7,5 @@\n         if value > limit:\n-            total -= value\n+            total += value\n     return total\n\n\n",
    "no newline mark": "@@ -8 +8 @@\n-            total -= value\n+            total += value\n\\ No newline at end of file",
    "text after": "@@ -8 +8 @@\n-            total -= value\n+            total += value\nNow it adds.",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_diff_is_applied_in_every_usual_form(form):
    assert patch(FORMS[form]) == NEW


def test_several_hunks_shift_one_another():
    diff = "@@ -1 +1,3 @@\n+import os\n+import sys\n import math\n@@ -15 +17 @@\n-        total -= value\n+        total += value"
    expected = "import os\nimport sys\n" + OLD.replace("        total -= value\n    return total\n\n\n", "@").replace(
        "    for value in values:\n        total -= value", "    for value in values:\n        total += value"
    ).replace("@", "        total -= value\n    return total\n\n\n")
    assert patch(diff) == expected


def test_of_several_places_the_one_nearest_to_the_number_is_taken():
    hunk = "@@ -{} +1 @@\n-    total = 0\n+    total = 1"
    assert patch(hunk.format(6)).splitlines()[4] == "    total = 1"
    assert patch(hunk.format(11)).splitlines()[12] == "    total = 1"


def test_lines_can_be_added_before_the_first_and_after_the_last():
    assert patch("@@ -0,0 +1 @@\n+import os") == "import os\n" + OLD
    assert patch("@@ -16,0 +17 @@\n+X = 1") == OLD + "X = 1\n"


def test_the_whole_program_may_be_replaced():
    diff = "@@ -1,2 +1,2 @@\n-def solve(a):\n-    return a\n+def solve(b):\n+    return b"
    assert patch(diff, "def solve(a):\n    return a\n") == "def solve(b):\n    return b\n"


@pytest.mark.parametrize(
    ("diff", "reason"),
    [
        (
            "@@ -8 +8 @@\n-    sum -= value\n+    sum += value",
            "hunk 1 of 1 does not fit: its line `sum -= value` is not in",
        ),
        ("@@ -1 +1 @@\n-import math\n+import cmath\n@@ -9 +9 @@\n-x\n+y", "hunk 2 of 2 does not fit: its line `x`"),
        ("@@\n-    total = 0\n+    total = 1", "its lines are in 2 places; give line numbers or more context"),
        ("@@ -1,2 +1,2 @@\n import math\n ", "the diff changes nothing"),
        ("what diff?", "there is no diff in the answer"),
        ("@@ -1 +1 @@\n-import math\n+import (", "the program after the diff is not valid Python: line 1"),
        ("@@ -1 +1 @@\n+x\n" * 2000, "a diff of more than 2,000 lines"),
    ],
)
def test_a_diff_that_does_not_fit_is_refused_with_the_reason(diff, reason):
    found = patch(diff)
    assert isinstance(found, Misread)
    assert reason in found.reason


@pytest.mark.parametrize("after", ["\n- changed one to two", "-- \n2.39.1", "+ it is right now", "\nDone."])
def test_what_stands_below_a_hunk_that_is_complete_is_no_part_of_it(after):
    old, new = "def solve(a):\n    b = 1\n    return b\n", "def solve(a):\n    b = 2\n    return b\n"
    assert patch(f"@@ -1,3 +1,3 @@\n def solve(a):\n-    b = 1\n+    b = 2\n     return b\n{after}", old) == new


def test_a_hunk_of_more_lines_than_it_counts_is_applied_in_full():
    diff = "@@ -1,1 +1,1 @@\n def solve(a):\n-    b = 1\n+    b = 2\n     return b"
    assert patch(diff, "def solve(a):\n    b = 1\n    return b\n") == "def solve(a):\n    b = 2\n    return b\n"


lines = st.lists(
    st.sampled_from(["a = 1", "b = 2", "c = 3", "", "if a:\n    b", "# d", "e()"]), min_size=1, max_size=14
)


@given(lines, lines, st.integers(0, 3), st.integers(0, 2))
def test_every_diff_of_difflib_leads_to_the_new_program(before, after, context, drift):
    old, new = ["# begin", *"\n".join(before).split("\n")], ["# begin", *"\n".join(after).split("\n")]
    diff = "\n".join(difflib.unified_diff(old, new, lineterm="", n=context))
    if not diff:
        return
    assert read_diff(diff, "\n".join(old)) == "\n".join(new).rstrip() + "\n"


@settings(max_examples=50)
@given(st.randoms(use_true_random=False))
def test_wrong_numbers_do_no_harm_where_all_lines_differ(rng: random.Random):
    old = [f"line{place} = {place}" for place in range(60)]
    new = old[:1] + [line for line in old[1:] if rng.random() > 0.1]
    new[:1] = ["changed = True"]
    hunks = list(difflib.unified_diff(old, new, lineterm="", n=2))[2:]
    wrong = [f"@@ -{rng.randint(1, 60)},3 +1,3 @@" if line.startswith("@@") else line for line in hunks]
    assert read_diff("\n".join(wrong), "\n".join(old)) == "\n".join(new) + "\n"
