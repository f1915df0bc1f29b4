"""Programs are taken out of what models write; what is no program is refused with the reason."""

import pytest

from envs.text import Misread, read_change, read_program

PROGRAM = "def solve(a, b):\n    return a + b\n"
OLD = "def solve(a, b):\n    return a - b\n"
SCRIPT = "print(int(input()) + 1)\n"

FORMS = {
    "whole text": PROGRAM,
    "fence": f"```python\n{PROGRAM}```",
    "fence without a language": f"```\n{PROGRAM}```",
    "fence of py": f"```py\n{PROGRAM}```",
    "fence of Python 3": f"```Python3 title=a.py\n{PROGRAM}```",
    "fence with text": f"The sign was wrong.\n\n```python\n{PROGRAM}```\n\nIt adds now.",
    "fence in a list": "1. Fix:\n   ```python\n   def solve(a, b):\n       return a + b\n   ```\n",
    "answer block": f"<answer>\n{PROGRAM}</answer>",
    "fence in an answer block": f"<answer>```python\n{PROGRAM}```</answer>",
    "thinking": f"<think>```python\n{OLD}```</think>\n```python\n{PROGRAM}```",
    "draft before": f"First:\n```python\n{OLD}```\nBetter:\n```python\n{PROGRAM}```",
    "tests after": f"```python\n{PROGRAM}```\nTests:\n```python\nassert solve(1, 2) == 3\n```",
    "output after": f"```python\n{PROGRAM}```\nOutput:\n```\n3\n```",
    "broken draft before": f"```python\ndef solve(a, b\n```\n```python\n{PROGRAM}```",
    "quoted in another language before": f'```json\n{{"a": 1}}\n```\n```python\n{PROGRAM}```',
    "a nameless fence that defines the entry, too, after": f"```python\n{PROGRAM}```\nIt was:\n```\n{OLD}```",
    "a nameless fence after one that only shows a part": f"The fix:\n```python\nreturn a + b\n```\nAll:\n```\n{PROGRAM}```",
    "fence that a stop sequence left open": f"```python\n{PROGRAM}",
    "text before, no fence": f"Here is the program:\n\n{PROGRAM}",
    "text before and after, no fence": f"Sure!\n{PROGRAM}\nThis adds the numbers, doesn't it?\n",
    "carriage returns": PROGRAM.replace("\n", "\r\n"),
    "byte order mark": "\ufeff" + PROGRAM,
    "longer fence": f"````python\n{PROGRAM}````",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_program_is_read_in_every_usual_form(form):
    assert read_program(FORMS[form], "solve") == PROGRAM


@pytest.mark.parametrize(
    ("entry", "source"),
    [
        ("solve", "from lib import other as solve\n"),
        ("solve", "solve = lambda a: a\n"),
        ("solve", "try:\n    import x\nexcept ImportError:\n    def solve(a):\n        return a\n"),
        ("solve", "if True:\n    def solve(a):\n        return a\n"),
        ("solve", "async def solve(a):\n    return a\n"),
        ("Solution.solve", "class Solution:\n    def solve(self, a):\n        return a\n"),
        ("Solution.solve", "class Base:\n    def solve(self):\n        return 1\nclass Solution(Base):\n    pass\n"),
        ("", "print(1)\n"),
    ],
)
def test_an_entry_may_be_defined_in_any_way(entry, source):
    assert read_program(f"```python\n{source}```", entry) == source


REFUSED = {
    "": "the answer is empty",
    "I cannot do this.": "there is no program in `I cannot do this.`; write it in a ```python fence",
    "```python\n```": "the fenced block is empty",
    "```python\n": "the fenced block is empty: it was cut off",
    "```python\ndef solve(a, b):\n    return (a +\n": "the fence is not closed: it was cut off",
    f"```python\n{PROGRAM}```\nBetter:\n```python\ndef solve(a, b):\n    s = [a": "the fence is not closed: it was cut off",
    "```python\ndef solve(a, b):\n    return a +\n```": "the program is not valid Python: line 2: invalid syntax",
    "```python\ndef help(a):\n    pass\n```": "the program defines `help`, but not `solve`, which is what is called",
    "```python\ndef f():\n    def solve():\n        pass\n```": "the program defines `f`, but not `solve`",
    "```python\n1\n```": "the program defines nothing, but not `solve`",
    "<think>def solve(a, b)": "the answer was cut off",
    "def solve(a):\n\treturn 1\n        return 2\n": "not valid Python: line 3",
    "```python\ndef solve(a):\n    return '\0'\n```": "null bytes",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_program_is_refused_with_the_reason(text):
    found = read_program(text, "solve")
    assert isinstance(found, Misread)
    assert REFUSED[text] in found.reason


def test_a_class_without_the_method_is_refused():
    found = read_program("class Solution:\n    def solv(self): pass", "Solution.solve")
    assert found == Misread("the program defines `solv`, but not `solve`, which is what is called")
    found = read_program(PROGRAM, "Solution.solve")
    assert found == Misread("the program defines `solve`, but not `class Solution`, which is what is called")


def test_a_script_needs_no_entry():
    assert read_program(f"Here:\n```python\n{SCRIPT}```") == SCRIPT


@pytest.mark.parametrize("language", ["python", "py", "Python3"])
@pytest.mark.parametrize("output", ["3\n", "x = 1\n", "- 3\n", "YES\n"])
def test_a_sample_output_is_not_taken_for_the_script(language, output):
    text = f"```{language}\n{SCRIPT}```\nIt prints:\n```\n{output}```"
    assert read_program(text) == SCRIPT
    assert read_change(text, "print(1)\n") == SCRIPT


def test_a_sample_output_after_a_diff_is_not_taken_for_the_script():
    diff = "@@ -1 +1 @@\n-print(int(input()))\n+print(int(input()) + 1)\n"
    assert read_change(f"```diff\n{diff}```\nIt prints:\n```\n3\n```", "print(int(input()))\n") == SCRIPT


def test_a_script_may_stand_in_a_fence_without_a_language():
    assert read_program(f"```json\n[1]\n```\n```\n{SCRIPT}```") == SCRIPT


def test_a_fence_inside_a_string_of_an_unfenced_program_does_no_harm():
    source = 'def solve(a):\n    """Like this:\n    ```\n    solve(1)\n    ```\n    """\n    return a\n'
    assert read_program(source, "solve") == source


def test_a_fence_inside_a_string_of_a_fenced_program_does_no_harm():
    source = 'def solve(a):\n    """Like this:\n    ```\n    solve(1)\n    ```\n    """\n    return a\n'
    assert read_program(f"So:\n```python\n{source}```\nDone.", "solve") == source


@pytest.mark.parametrize(
    "source",
    [
        "import sys\n\nprint(sys.stdin.read())\n",
        "for _ in range(int(input())):\n    print(int(input()) * 2)\n",
        "(a, b) = map(int, input().split())\nprint(a + b)\n",
        "print(open(0).read())\n",
    ],
)
def test_lines_of_dashes_may_stand_for_fences(source):
    line = "-" * 12
    text = f"Let\nn = 3\nbe given.\n\n{line}\n{source}\n{line}\n\nExplanation:\n\n1. Reading:\n   • We loop.\n{line}\nDone\n{line}\n"
    assert read_program(text) == source
    assert (
        read_program(f"A\n-----\n{PROGRAM}-----\n-----\nx = 5\ny = 6\nzzzzzzzzzzzzzzzzzzzzzzzzz = 7\n-----\n", "solve")
        == PROGRAM
    )


def test_dashes_in_a_program_do_no_harm():
    source = 'def solve(a):\n    """A table:\n\n-----\nx = 5\n-----\n    """\n    return a\n'
    assert read_program(source, "solve") == source
    assert read_program(f"{source}\nThat is all there is.\n", "solve") == source


def test_a_program_without_fences_is_never_shortened_inside():
    for broken in (
        "def solve(a):\n    return a\n\n    return (\n",
        "def solve(a):\n    return a\n\ndef other(:\n    pass\n",
    ):
        assert isinstance(read_program(broken, "solve"), Misread)


def test_a_change_is_a_program_or_a_diff():
    assert read_change(f"```python\n{PROGRAM}```", OLD, "solve") == PROGRAM
    diff = "@@ -2 +2 @@\n-    return a - b\n+    return a + b\n"
    tests = "```python\nassert solve(1, 2) == 3\n```"
    for text in (f"```diff\n{diff}```\nIt passes:\n{tests}", f"```diff\n{diff}```\n```text\n3\n```"):
        assert read_change(text, OLD, "solve") == PROGRAM
    for text in (f"```diff\n{diff}```", f"```\n{diff}```", diff, f"<answer>{diff}</answer>", f"```diff\n{diff}"):
        assert read_change(text, OLD, "solve") == PROGRAM


def test_a_diff_that_breaks_the_program_is_refused():
    found = read_change("```diff\n@@ -1 +1 @@\n-def solve(a, b):\n+def sum(a, b):\n```", OLD, "solve")
    assert found == Misread("the program after the diff defines `sum`, but not `solve`, which is what is called")


def test_a_change_in_a_nameless_fence_counts_beside_a_quoted_program():
    change = "--- a\n+++ b\n@@ -1,2 +1,2 @@\n def solve(a, b):\n-    return a - b\n+    return a + b\n"
    assert read_change(f"It is:\n```python\n{OLD}```\nThe change:\n```\n{change}```", OLD, "solve") == PROGRAM


@pytest.mark.parametrize("entry", ["", "solve"])
def test_fences_in_other_languages_alone_are_no_reason_to_raise(entry):
    for reader in (lambda text: read_change(text, OLD, entry), lambda text: read_program(text, entry)):
        assert isinstance(reader('```json\n{"a": \n```\n```sh\nls -\n```'), Misread)
