"""What holds for every mutant of every program."""

import ast
import hashlib
import io
import os
import subprocess
import sys
import tokenize
from pathlib import Path
from random import Random

import pytest

from envs.problems.bugs.code import Code
from envs.problems.bugs.edits import Splice, apply, compatible, shape
from envs.problems.bugs.mutate import edits_of, first_order, second_order
from envs.text.diffs import patched

TABS = """\
def f(rows):
\ttotal = 0
\tfor row in rows:  # each
\t\tif row and row[0] > 1:
\t\t\ttotal += row[0]
\treturn total
"""
UNICODE = """\
# Grüße: ein Kommentar mit Ümlauten
def zähle(wörter, größe):  # ñ
    gefunden = {"ä": 1, "😀": 2}; rest = 0  # zwei auf einer Zeile
    for wort in wörter[1:größe + 1]:
        if "é" in wort and len(wort) > größe or wort == "":  # 文字
            gefunden[wort] = gefunden.get(wort, 0) + 1
        elif (
            wort.startswith("ß")  # mitten im Ausdruck
            and größe < 3
        ):
            rest -= 1
        else:
            break
    return sorted(gefunden, key=lambda w: (-gefunden[w], w)), rest
"""
WINDOWS = "def f(a, b):\r\n    # keep\r\n    while b:\r\n        a, b = b, a % b\r\n    return a\r\n"
SCRIPT = '''\
"""Reads a table."""
import sys
from collections import deque

def main() -> None:
    height, width = map(int, input().split())
    grid = [input() for _ in range(height)]
    seen, queue = {(0, 0)}, deque([(0, 0, 0)])
    while queue:
        row, column, steps = queue.popleft()
        if (row, column) == (height - 1, width - 1):
            print(f"{steps + 1} steps"); return
        for down, right in ((1, 0), (0, 1), (-1, 0), (0, -1)):
            y, x = row + down, column + right
            if 0 <= y < height and 0 <= x < width and grid[y][x] != "#" and (y, x) not in seen:
                seen.add((y, x))
                queue.append((y, x, steps + 1))
    print(-1)
    text = """two
    lines"""

if __name__ == "__main__":
    sys.setrecursionlimit(5000)
    main()
'''
PROGRAMS = {"tabs": TABS, "unicode": UNICODE, "windows": WINDOWS, "script": SCRIPT}
ROOT = Path(__file__).parents[3]


@pytest.fixture(params=list(PROGRAMS))
def program(request):
    return PROGRAMS[request.param]


def all_orders(source):
    singles = first_order(source)
    return singles + second_order(source, edits_in(singles), 60, Random(5))


def edits_in(mutants):
    return [edit for mutant in mutants for edit in mutant.edits]


def comments(source):
    return [
        (token.string, token.start[1])
        for token in tokenize.generate_tokens(io.StringIO(source, newline="\n").readline)
        if token.type == tokenize.COMMENT
    ]


def test_every_mutant_compiles_and_means_something_else(program):
    mutants = all_orders(program)
    assert len(mutants) > 20
    for mutant in mutants:
        compile(mutant.source, "mutant", "exec", dont_inherit=True)
        assert ast.dump(ast.parse(mutant.source)) != ast.dump(ast.parse(program))


def test_no_two_mutants_mean_the_same_to_the_parser(program):
    mutants = first_order(program)
    assert len({shape(mutant.source) for mutant in mutants}) == len(mutants)


def test_everything_outside_the_edited_places_stays_as_it_was(program):
    for mutant in all_orders(program):
        splices = sorted(splice for edit in mutant.edits for splice in edit.change)
        rest = mutant.source
        here = 0
        for splice in splices:
            kept = program[here : splice.start]
            assert rest.startswith(kept + splice.text)
            rest, here = rest[len(kept + splice.text) :], splice.end
        assert rest == program[here:]


def test_a_mutant_in_one_line_keeps_every_comment_of_the_others(program):
    for mutant in first_order(program):
        [edit] = mutant.edits
        if len(edit.change) == 1 and "\n" not in program[edit.change[0].start : edit.change[0].end]:
            line = mutant.lines[0]
            before, after = program.split("\n"), mutant.source.split("\n")
            assert before[: line - 1] == after[: line - 1]
            assert before[line:] == after[len(after) - len(before) + line :]


def test_most_mutants_keep_all_comments(program):
    mutants = first_order(program)
    kept = [mutant for mutant in mutants if set(comments(program)) <= set(comments(mutant.source))]
    assert len(kept) > 0.4 * len(mutants)


def test_letters_of_several_bytes_do_not_move_an_edit():
    plain = UNICODE.translate({ord(letter): "q" for letter in "äöüßéñ😀文字"})
    wide = UNICODE.translate({ord(letter): "文" for letter in "äöüßéñ😀文字"})
    narrow_places = [edit.change for edit in edits_of(Code(plain)) if edit.operator != "text-case"]
    wide_places = [edit.change for edit in edits_of(Code(wide)) if edit.operator != "text-case"]
    assert [tuple((s.start, s.end) for s in change) for change in narrow_places] == [
        tuple((s.start, s.end) for s in change) for change in wide_places
    ]


def test_windows_line_ends_stay():
    for mutant in first_order(WINDOWS):
        assert mutant.source.count("\r\n") >= WINDOWS.count("\r\n") - 2


def test_the_line_of_a_mutant_is_where_its_diff_begins():
    for mutant in first_order(SCRIPT, ["boundary", "arithmetic-swap", "and-or"]):
        before, after = SCRIPT.split("\n"), mutant.source.split("\n")
        changed = [number for number, (a, b) in enumerate(zip(before, after, strict=True), 1) if a != b]
        assert list(mutant.lines) == changed


def test_a_diff_shows_the_line_before_and_after():
    [mutant] = first_order("total = 0\ntotal += x  # sum\n", ["update-sign"])
    assert mutant.diff == "@@ -1,2 +1,2 @@\n total = 0\n-total += x  # sum\n+total -= x  # sum\n"


def test_texts_that_must_not_change_do_not_change():
    for mutant in first_order(SCRIPT):
        assert '"""Reads a table."""' in mutant.source
        assert 'if __name__ == "__main__":\n    sys.setrecursionlimit(5000)' in mutant.source
        assert "import sys\nfrom collections import deque\n" in mutant.source


def test_a_second_order_mutant_holds_both_mistakes():
    mutants = second_order(SCRIPT, edits_in(first_order(SCRIPT)), 40, Random(1))
    assert len(mutants) == 40
    for mutant in mutants:
        assert len(mutant.edits) == 2
        assert compatible(mutant.edits[0].change, mutant.edits[1].change)
        for edit in mutant.edits:
            assert mutant.source != apply(SCRIPT, edit.change)


def test_splices_that_overlap_are_refused():
    with pytest.raises(ValueError, match="overlaps"):
        apply("abcdef", [Splice(0, 3, "x"), Splice(2, 4, "y")])


@pytest.mark.parametrize("text", ["def f(:\n", "x = 1\ry = 2\n", "\ufeffx = 1\n", "x = '\0'\n"])
def test_text_that_is_no_program_is_refused(text):
    with pytest.raises(ValueError, match=r"Code\(text\)"):
        Code(text)


def test_a_program_nested_too_deeply_is_refused_not_fatal():
    with pytest.raises(ValueError, match=r"Code\(text\)"):
        Code("x = " + "(" * 500 + "1" + ")" * 500)


FINGERPRINT = """
import hashlib, sys
from random import Random
from envs.problems.bugs.code import Code
from envs.problems.bugs.mutate import edits_of, first_order, second_order
from envs.text.diffs import patched
source = sys.stdin.read()
mutants = first_order(source) + second_order(source, edits_of(Code(source)), 50, Random(3))
print(hashlib.sha256(repr([(m.source, m.operators, m.lines, m.diff) for m in mutants]).encode()).hexdigest())
"""


def test_the_same_mutants_come_in_the_same_order_whatever_the_hash_seed():
    prints = set()
    for seed in ("0", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", FINGERPRINT],
            input=SCRIPT, capture_output=True, text=True, env=environment, check=True,
        )  # fmt: skip
        prints.add(done.stdout)
    assert len(prints) == 1
    assert len(prints.pop().strip()) == len(hashlib.sha256().hexdigest())


@pytest.mark.parametrize(
    ("operator", "program"),
    [
        ("loop-capped", "while a:\n    # kept\n    a -= 1\n"),
        ("condition-removed", "if a:\n    # kept\n    b = 1\n"),
        ("else-of-loop", "for a in b:\n    c()\nelse:\n    # kept\n    d()\n"),
        ("keyword-dropped", "x = sorted(\n    a,  # kept\n    key=len,\n    reverse=True,\n)\n"),
    ],
)
def test_a_comment_beside_the_mistake_stays(operator, program):
    sources = [mutant.source for mutant in first_order(program) if mutant.operators == (operator,)]
    assert sources
    assert all("# kept" in source for source in sources)


def test_lines_that_a_mistake_adds_end_as_the_others_do():
    program = (
        "def f(x):\n    for a in x:\n        if a:\n            b = a\n    while b:\n        b -= 1\n    return b\n"
    )
    mutants = first_order(program.replace("\n", "\r\n"))
    assert {mutant.source.replace("\r\n", "\n") for mutant in mutants} == {each.source for each in first_order(program)}
    assert all(mutant.source.count("\n") == mutant.source.count("\r\n") for mutant in mutants)


@pytest.mark.parametrize(
    "line",
    [
        "list(range(*map(int, v)))", "sorted(*v)", "int(*v)", "max(*v, 1)", "sorted(v, key=lambda x: (*x, 1))",
        "0 <= (v + 1) < 9", "v & 0xF", "1 if (y := v) else 2", "v[1:2, 1:2]", "print(v is 0)",
    ],
)  # fmt: skip
def test_no_expression_stops_the_others_from_being_mutated(line):
    text = f"def f(v):\n    if v == 1:\n        return 2\n    return {line}\n"
    found = [mutant.source for mutant in first_order(text)]
    assert any("v != 1" in each for each in found)
    assert all(shape(each) for each in found)


def mutants(operator, text):
    return [mutant.source for mutant in first_order(text) if mutant.operators == (operator,)]


@pytest.mark.parametrize(
    ("operator", "text", "wanted"),
    [
        ("condition-order", "x = (a or b) and c\n", "x = c and (a or b)\n"),
        ("branches-swapped", "x = 1 if a > 0 else 2 if a < 0 else 0\n", "x = (2 if a < 0 else 0) if a > 0 else 1\n"),
        ("branches-swapped", "x = abs if a else lambda y: y\n", "x = (lambda y: y) if a else abs\n"),
        ("range-end", "for i in range((n >> 1) + 1):\n    print(i)\n", "for i in range((n >> 1) + 2):\n    print(i)\n"),
        ("first-kept", "d[a, b] = c\n", "d.setdefault((a, b), c)\n"),
        ("first-kept", "d[(a, b)] = 1, 2\n", "d.setdefault((a, b), (1, 2))\n"),
    ],
)
def test_a_mistake_is_the_one_that_its_name_says(operator, text, wanted):
    assert wanted in mutants(operator, text)


def test_a_diff_counts_lines_as_python_does():
    text = 'def f(a):\n    b = "x\u2028y\x0b"\n    return a + 1\n'
    for mutant in first_order(text):
        assert patched(text, mutant.diff) == mutant.source
