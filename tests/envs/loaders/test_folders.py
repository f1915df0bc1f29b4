"""Data sets that are folders: APPS and QuixBugs, and what may be wrong inside them."""

import json

import pytest

from envs.problems.fields import ProblemError
from envs.problems.loaders import load
from envs.problems.prove import prove
from envs.problems.running import judged, passes_code

SUM = "a, b = map(int, input().split())\nprint(a + b)\n"


@pytest.fixture
def apps(tmp_path):
    """APPS's folders: three problems."""
    root = tmp_path / "train"
    for number in ("0000", "0001", "0002"):
        folder = root / number
        folder.mkdir(parents=True)
        (folder / "question.txt").write_text("Add two numbers.\n")
        (folder / "input_output.json").write_text(json.dumps({"inputs": ["1 2\n", "3 4\n"], "outputs": ["3\n", "7\n"]}))
        (folder / "solutions.json").write_text(json.dumps([SUM]))
        (folder / "metadata.json").write_text(json.dumps({"difficulty": "competition", "url": "u"}))
    return root


def test_folders_of_apps_load(apps, box):
    problems = load("apps", apps, split="validation").problems()
    assert [problem.id for problem in problems] == ["apps/0000", "apps/0001", "apps/0002"]
    assert {(problem.split, problem.difficulty, problem.kind) for problem in problems} == {("validation", 5, "stdin")}
    assert prove(problems[0], box).faults == []


def test_how_far_folders_were_read_is_known(apps):
    stream = load("apps", apps)
    assert len(list(stream)) == 3
    assert stream.source.read_bytes == stream.source.total_bytes() > 0


def test_a_damaged_folder_is_named_and_the_others_load(apps, tmp_path):
    (apps / "0000" / "input_output.json").write_text("{")
    secret = tmp_path / "secret.json"
    secret.write_text('["secret"]')
    (apps / "0001" / "solutions.json").unlink()
    (apps / "0001" / "solutions.json").symlink_to(secret)
    stream = load("apps", apps, on_error="skip")
    assert [problem.id for problem in stream] == ["apps/0002"]
    broken, linked = map(str, stream.errors)
    assert "0000/input_output.json: is not JSON" in broken
    assert "solutions.json is a link" in linked


GCD = "def gcd(a, b):\n    if b == 0:\n        return a\n    return gcd({}, a % b)\n\n\n'''\n{}\n'''\n"
FLAT = "def flat(arr):\n    for x in arr:\n        if isinstance(x, list):\n            yield from {}(x)\n        else:\n            yield x\n"
LAST = "def last(node):\n    while node.successor:\n        node = node.successor\n    return {}\n"
NODE = "class Node:\n    def __init__(self, value=None, successor=None):\n        self.value = value\n        self.successor = successor\n"
TEST_LAST = (
    "import pytest\nfrom node import Node\nif pytest.use_correct:\n    from correct_python_programs.last import last\n"
    "else:\n    from python_programs.last import last\n\n\ndef test1():\n    assert last(Node(1, Node(2))) == 2\n"
)


@pytest.fixture
def quixbugs(tmp_path):
    """A repository of three programs: with JSON cases, a generator, and one that takes objects."""
    root = tmp_path / "QuixBugs"
    for folder in ("python_programs", "correct_python_programs", "json_testcases", "python_testcases"):
        (root / folder).mkdir(parents=True)
    texts = "def gcd(a, b): return max(a, b)", "Greatest common divisor."
    sources = {
        "gcd": (GCD, ("b", texts[0]), ("a", texts[1])),
        "flat": (FLAT, ["flat"], ["flatt"]),
        "last": (LAST, ["node.value"], ["node"]),
    }
    for name, (text, right, wrong) in sources.items():
        (root / "correct_python_programs" / f"{name}.py").write_text(text.format(*right))
        (root / "python_programs" / f"{name}.py").write_text(text.format(*wrong))
    (root / "python_programs" / "node.py").write_text(NODE)
    (root / "correct_python_programs" / "node.py").write_text(NODE)
    (root / "json_testcases" / "gcd.json").write_text("[[17, 0], 17]\n[[13, 13], 13]\n[[35, 21], 7]\n\n")
    (root / "json_testcases" / "flat.json").write_text("[[[[1, [], [2]]]], [1, 2]]\n[[[]], []]\n")
    (root / "python_testcases" / "test_last.py").write_text(TEST_LAST)
    return root


def test_quixbugs_loads_with_its_bugs(quixbugs, box):
    flat, gcd, last = load("quixbugs", quixbugs).problems()
    assert gcd.statement == "Greatest common divisor."
    assert [case.args for case in (*gcd.visible, *gcd.hidden)] == [(17, 0), (13, 13), (35, 21)]
    assert gcd.grammar == {"a": "int(13, 35)", "b": "int(0, 21)"}
    assert "assert list(flat(" in flat.test_code
    assert "import" not in last.test_code
    assert last.test_code.startswith("class Node")
    for problem in (flat, gcd, last):
        proof = prove(problem, box)
        assert proof.faults == []
    assert prove(gcd, box).exposed["quixbugs"] > 0
    assert not any(passes_code(problem, problem.wrong[0].source, box) for problem in (flat, last))


def test_the_root_of_quixbugs_may_be_as_far_off_as_its_last_argument_says(quixbugs, box):
    for folder in ("python_programs", "correct_python_programs"):
        (quixbugs / folder / "sqrt.py").write_text("def sqrt(x, epsilon):\n    return x ** 0.5\n")
    (quixbugs / "json_testcases" / "sqrt.json").write_text("[[2, 0.01], 1.4166666666666665]\n[[2, 0.5], 1.5]\n")
    problem = next(problem for problem in load("quixbugs", quixbugs) if problem.title == "sqrt")
    cases = (*problem.visible, *problem.hidden)
    assert judged(problem, "def sqrt(x, epsilon):\n    return x ** 0.5\n", cases, box) == [True, True]
    assert judged(problem, "def sqrt(x, epsilon):\n    return 1.6\n", cases, box) == [False, True]


def test_a_line_of_json_ends_at_its_line_end_alone(quixbugs):
    (quixbugs / "json_testcases" / "gcd.json").write_text('[["a\u2028b\x85", 2], 3]\r\n[[4, 6], 2]\n', encoding="utf-8")
    problem = next(problem for problem in load("quixbugs", quixbugs) if problem.title == "gcd")
    assert [case.args for case in (*problem.visible, *problem.hidden)] == [("a\u2028b\x85", 2), (4, 6)]


DAMAGED = {
    "a line": ("json_testcases/gcd.json", "[[1, 2], 3]\n{", "gcd.json:2: is not JSON"),
    "a case": ("json_testcases/gcd.json", "[1, 2, 3]\n", "field cases[0]: '[1, 2, 3]' is not [[arguments], answer]"),
    "a program": ("python_programs/gcd.py", "def gcd(", "field buggy: is not a Python 3 program"),
    "a name": ("correct_python_programs/gcd.py", "x = 1\n", "field correct: does not define gcd"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_of_quixbugs_is_named(name, quixbugs):
    path, text, message = DAMAGED[name]
    (quixbugs / path).write_text(text)
    stream = load("quixbugs", quixbugs, on_error="skip")
    assert [problem.id for problem in stream] == ["quixbugs/flat", "quixbugs/last"]
    [error] = stream.errors
    assert message in str(error)


def test_another_folder_is_no_quixbugs(tmp_path):
    with pytest.raises(ProblemError, match="has no folder correct_python_programs"):
        next(load("quixbugs", tmp_path))


def test_a_program_without_tests_is_an_error(quixbugs):
    (quixbugs / "json_testcases" / "gcd.json").unlink()
    with pytest.raises(ProblemError, match="neither JSON cases nor Python tests"):
        list(load("quixbugs", quixbugs))
