"""Candidates share a process of the sandbox, and yet none spoils the marks of another."""

import random

import pytest

from envs.asking import settle
from envs.repairer.diagnosis import diagnosed
from envs.repairer.trial import Exam, inside_text, tried
from sandbox.compare import Checker, Floats

DOUBLE = "def solve(n):\n    return 2 * n\n"


def marks(box, patient, *sources):
    return settle(tried(Exam.of(patient, patient.tests), list(sources)), box)


def test_each_case_is_marked_by_itself(box, patient):
    assert marks(box, patient("", (1, 2), (3, 6), (5, 1)), DOUBLE) == [(True, True, False)]


def test_types_are_strict_as_in_the_sandbox(box, patient):
    assert marks(box, patient("", (1, 2.0), (2, 4)), DOUBLE) == [(False, True)]


@pytest.mark.parametrize(
    "killer",
    [
        "def solve(n):\n    while True:\n        pass\n",
        "def solve(n):\n    return solve(n)\n",
        "import os\ndef solve(n):\n    os._exit(0)\n",
        "import sys\ndef solve(n):\n    sys.exit()\n",
        "def solve(n):\n    return lambda: n\n",
        "def solve(n):\n    raise KeyboardInterrupt\n",
        "def solve(n):\n    return [0] * 10**12\n",
        "def solve(n:\n",
        "x = 1\n",
        "import sys\nsys.setrecursionlimit(20)\ndef solve(n):\n    return None\n",
        "import builtins\ndel builtins.len\ndef solve(n):\n    return None\n",
    ],
)
def test_a_candidate_that_misbehaves_harms_no_other(box, patient, killer):
    assert marks(box, patient("", (1, 2)), DOUBLE, killer, DOUBLE) == [(True,), (False,), (True,)]


def test_an_endless_loop_ends_though_the_program_catches_everything(box, patient):
    stubborn = "def solve(n):\n    while True:\n        try:\n            n += 1\n        except BaseException:\n            pass\n"
    assert marks(box, patient("", (1, 2)), stubborn) == [(False,)]


def test_scripts_are_tried_on_their_input(box, patient):
    script = "import sys\nn = int(input())\nprint(sum(map(int, sys.stdin.read().split())) * n)\n"
    fails = "print(1)\nraise SystemExit(1)\n"
    reads = "n, *rest = open(0).read().split()\nprint(int(n) * sum(map(int, rest)))\n"
    who = patient("", ("2\n1 2 3\n", "12\n"), entry="")
    assert marks(box, who, script, fails, reads) == [(True,), (False,), (True,)]


def test_the_comparison_of_the_problem_decides(box, patient):
    third = "def solve(n):\n    return n / 3\n"
    assert marks(box, patient("", (1, 0.3333333), compare=Floats(1e-6, 1e-6)), third) == [(True,)]
    checker = Checker("def check(args, output, expected):\n    return output > args[0]\n")
    assert marks(box, patient("", (1, None), (0, None), compare=checker), DOUBLE) == [(True, False)]


def test_expected_answers_are_not_in_what_the_sandbox_gets(patient):
    from envs.repairer.trial import run

    who = patient("", (1, "the secret answer"))
    asked = run(Exam.of(who, who.tests), [DOUBLE])
    assert "secret" not in repr(asked)
    assert '"""' not in inside_text()


def test_a_diagnosis_says_what_failed_where(box, patient):
    program = "def solve(x):\n    if x > 2:\n        return 1 // 0\n    words = [str(x)]\n    return len(words)\n"
    who = patient(program, (1, 1), (5, 2))
    found = settle(diagnosed(who, program), box)
    assert found.passed == (True, False)
    assert found.failing[0].error[0] == "ZeroDivisionError"
    assert max(found.scores, key=found.scores.get) == 3
    assert dict(found.kinds)["words"] == {"list", "list:str"}


def test_marks_do_not_depend_on_the_company(box, patient):
    who = patient("", *((n, 2 * n) for n in range(4)))
    sources = [DOUBLE.replace("2", str(number)) for number in range(60)]
    random.Random(1).shuffle(sources)
    assert marks(box, who, *sources) == [marks(box, who, source)[0] for source in sources]
