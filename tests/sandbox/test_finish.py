"""How scripts begin and end as on the command line, within the run's limits, which all of its processes share."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from sandbox import Call, Limits, Program, Sandbox, Stdin, Verdict
from sandbox.inside import tree

LIMITS = Limits(cpu_s=0.2, wall_s=10, memory_mb=64)
LATE_OUTPUT = {
    "f = open(1, 'w')\nprint('hi', file=f)\n": "hi\n",
    "import os\nf = os.fdopen(1, 'w')\nf.write('hi\\n')\n": "hi\n",
    "def main():\n    print('hi', file=f)\nf = open(1, 'w')\nprint('first')\nmain()\n": "first\nhi\n",
    "import atexit, io, sys\nsys.stdout = io.StringIO()\n"
    "atexit.register(lambda: sys.__stdout__.write(sys.stdout.getvalue()))\nprint('hi')\n": "hi\n",
    "import io, sys\nold = sys.stdout\nold.write('a\\n')\nsys.stdout = io.StringIO()\nold.write('b\\n')\n": "a\nb\n",
    "import sys\nclass Late:\n    def __del__(self): sys.stdout.write(word)\nlate = Late()\nword = 'bye\\n'\nprint('hi')\n": "hi\nbye\n",
    "class Late:\n    def __del__(self): print('bye')\nall = {'a': [Late()]}\nall['all'] = all\n": "bye\n",
    "def steps():\n    try:\n        yield 1\n    finally:\n        print('end')\nit = steps()\nprint(next(it))\n": "1\nend\n",
    "import sys\nprint('x')\nsys.stdout = None\n": "x\n",
    "import sys\nprint('x')\ndel sys.stdout\n": "x\n",
    "import sys\nprint('x')\nsys.stdout.flush()\nsys.stdout.close()\n": "x\n",
    "import sys\nprint(__import__('__main__').sys is sys, 'x' in globals())\nexec('y = 1')\n": "True False\n",
}
"""Scripts, and what CPython 3.11 prints."""


def test_what_a_script_leaves_unwritten_is_written_at_its_end(box: Sandbox) -> None:
    pairs = [(source, [Stdin("", expected=text)]) for source, text in LATE_OUTPUT.items()]
    reports = box.judge_many(pairs)
    printed = {source: report.judgements[0].outcome.stdout for (source, _), report in zip(pairs, reports, strict=True)}
    assert printed == LATE_OUTPUT
    assert all(report.all_passed for report in reports)


STATUSES = {
    "2**70": 255,
    "-2**70": 255,
    "2**31 + 3": 3,
    "-1": 255,
    "256": 0,
    "True": 1,
    "None": 0,
    "'bye'": 1,
    "type('N', (int,), {'__and__': None})(3)": 3,
    "type('S', (), {'__str__': None})()": 1,
}


def test_exit_statuses_are_the_interpreters(box: Sandbox) -> None:
    closed = {
        f"import sys\nsys.stderr.close()\nprint('x')\nsys.exit({code})": status for code, status in STATUSES.items()
    }
    for source, status in closed.items():
        (outcome,) = box.run(source, [Stdin("")])
        assert (outcome.exit_status, outcome.stdout) == (status, "x\n"), source
        assert outcome.failure in (None, Verdict.EXCEPTION)


def test_a_function_that_deletes_the_streams_is_judged_all_the_same(box: Sandbox) -> None:
    source = "import sys\ndef solve(n):\n    print('x')\n    del sys.stdout, sys.stderr\n    return n\n"
    assert box.judge(Program(source, "solve"), [Call((3,), expected=3)]).all_passed


@pytest.mark.parametrize(
    ("last", "verdict"),
    [
        ("while True: pass", Verdict.TIMEOUT),
        ("bytearray(1 << 30)", None),
        ("open(2, 'wb').write(b'x' * (9 << 20))", Verdict.OUTPUT),
    ],
)
def test_destructors_stay_within_the_limits(best: Sandbox, last: str, verdict: Verdict | None) -> None:
    source = f"class Late:\n    def __del__(self):\n        {last}\n        print('done')\nlate = Late()\nprint('hi')\n"
    (outcome,) = best.run(source, [Stdin("")], limits=Limits(cpu_s=0.1, memory_mb=64, output_mb=1))
    assert outcome.stdout == "hi\n"
    assert outcome.failure == verdict


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="Python 3.12 counts the frames beneath a program otherwise")
def test_recursion_ends_where_it_ends_on_the_command_line(box: Sandbox) -> None:
    source = (
        "import sys\ndef depth(n):\n    try:\n        return depth(n + 1)\n    except RecursionError:\n        return n\n"
        "print(depth(0), sys.getrecursionlimit())\n"
    )
    (outcome,) = box.run(source, [Stdin("")])
    assert outcome.stdout == "998 1000\n"


def test_programs_find_what_site_gives_them(box: Sandbox) -> None:
    source = "print(*(type(each).__name__ for each in (help, copyright, credits, license, exit, quit)))\n"
    (outcome,) = box.run(source, [Stdin("")])
    assert outcome.stdout == "_Helper _Printer _Printer _Printer Quitter Quitter\n"


CHILDREN = """
import os, signal, time
def solve(disposition):
    if disposition == "SIG_IGN": signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    spent = 0.0
    while spent < 0.6:
        out, into = os.pipe()
        pid = os.fork()
        if pid == 0:
            while time.process_time() < 0.1: pass
            os.write(into, str(time.process_time()).encode())
            os._exit(0)
        os.close(into)
        spent += float(os.read(out, 100))
        os.close(out)
        if disposition == "SIG_DFL": os.waitpid(pid, 0)
    return spent
"""

SHARED = """
import mmap, os, signal, time
def solve(children):
    ready = []
    for _ in range(children):
        out, into = os.pipe()
        if os.fork() == 0:
            memory = mmap.mmap(-1, 40 << 20)
            for page in range(0, 40 << 20, 4096): memory[page] = 1
            os.write(into, b"x")
            signal.pause()
        ready.append(out)
    for out in ready: os.read(out, 1)
    time.sleep(0.06)
    return children
"""


@pytest.fixture
def seen(shell_name: str, box: Sandbox) -> Sandbox:
    """A sandbox whose worker can look at a run's processes."""
    if shell_name == "sandlock":
        pytest.skip("it hides /proc: memory is sandlock's to bound")
    return box


@pytest.mark.parametrize("disposition", ["SIG_IGN", "SIG_DFL"])
def test_the_cpu_time_of_children_counts_whether_they_are_waited_for_or_not(box: Sandbox, disposition: str) -> None:
    """Where nobody could see what those use that are not waited for, no program may have such children."""
    (outcome,) = box.run(Program(CHILDREN, "solve"), [Call((disposition,))], limits=LIMITS)
    if (box.shell_name, disposition) == ("sandlock", "SIG_IGN"):
        assert outcome.error == "PermissionError: [Errno 1] Operation not permitted"
    else:
        assert (outcome.failure, "CPU" in outcome.error) == (Verdict.TIMEOUT, True)


def test_a_child_may_ask_what_a_signal_does(box: Sandbox) -> None:
    asks = (
        "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'import signal; print(signal.getsignal(17))'])"
    )
    (outcome,) = box.run(asks, [Stdin("")])
    assert (outcome.stdout, outcome.error) == ("0\n", "")


def test_shared_memory_counts(seen: Sandbox) -> None:
    (outcome,) = seen.run(Program(SHARED, "solve"), [Call((4,))], limits=Limits(memory_mb=128))
    assert outcome.failure == Verdict.MEMORY


def test_no_more_shared_memory_counts_than_the_machine_has() -> None:
    (total_kib,) = re.findall(r"MemTotal: +(\d+)", Path("/proc/meminfo").read_text("ascii"))
    assert tree.all_shared_bytes(1 << 60) < int(total_kib) << 10
    assert tree.all_shared_bytes(1 << 20) == 1 << 20
