"""How commands end: the status, and what they say."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from sandbox import SandboxFault
from sandbox.ending import ended

ROOT = Path(__file__).parents[2]


class OddError(Exception):
    """What only one command knows."""


@pytest.mark.parametrize("error", [ValueError("bad"), FileNotFoundError("bad"), SandboxFault("bad"), OddError("bad")])
def test_a_mistake_is_one_sentence(error, capsys):
    def work() -> int:
        raise error

    assert ended("tool", work, OddError) == 2
    assert capsys.readouterr() == ("", "tool: bad\n")


def test_the_text_of_a_mistake_cannot_steer_the_terminal(capsys):
    def work() -> int:
        raise ValueError("no\x1b[2Jthing\x07")

    assert ended("tool", work) == 2
    assert capsys.readouterr().err == "tool: no\N{REPLACEMENT CHARACTER}[2Jthing\N{REPLACEMENT CHARACTER}\n"


def test_a_fault_of_our_own_is_a_traceback():
    with pytest.raises(ZeroDivisionError):
        ended("tool", lambda: 1 // 0)


def test_an_interruption_says_nothing(capsys):
    def work() -> int:
        raise KeyboardInterrupt

    assert ended("tool", work) == 130
    assert capsys.readouterr() == ("", "")


def test_a_reader_that_has_gone_is_met_when_the_output_is_flushed(capsys):
    def work() -> int:
        print("a word that stays in the buffer")
        return 0

    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", encoding="utf-8") as out, redirect_stdout(out):
        assert ended("tool", work) == 141
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("closed", [">&-", "2>&-", "2>/dev/full"])
def test_a_stream_that_is_closed_or_full_changes_no_status(closed, tmp_path):
    program = tmp_path / "tool.py"
    program.write_text(
        "import sys\nfrom sandbox.ending import ended\nsys.exit(ended('tool', lambda: int(sys.argv[1])))\n"
    )
    for word, status in (("3", 3), ("none", 2)):
        command = f"{sys.executable} {program} {word} {closed}"
        assert subprocess.run(["sh", "-c", command], env={**os.environ, "PYTHONPATH": str(ROOT)}).returncode == status


@pytest.mark.parametrize(
    ("how", "status", "out", "told"),
    [
        ("PYTHONIOENCODING=ascii TOOL", 0, "+ ** \\xe9 \\u65e5\n", ""),
        ("PYTHONIOENCODING=latin-1 TOOL", 0, "+ ** \udce9 \\u65e5\n", ""),
        ("PYTHONIOENCODING=ascii:replace TOOL", 0, "? ?? ? ?\n", ""),
        ("TOOL >/dev/full", 2, "", "tool: [Errno 28] No space left on device\n"),
        ("TOOL --help >/dev/full", 2, "", "tool: [Errno 28] No space left on device\n"),
    ],
)
def test_an_output_that_cannot_take_everything_is_no_traceback(how, status, out, told, tmp_path):
    program = tmp_path / "tool.py"
    program.write_text(
        "import argparse, sys\nfrom sandbox.ending import ended\n"
        "def work():\n    argparse.ArgumentParser().parse_args()\n"
        "    print('\u2713 \u2605\u2605 \xe9 \u65e5')\n    return 0\n"
        "sys.exit(ended('tool', work))\n",
        "utf-8",
    )
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    command = ["sh", "-c", how.replace("TOOL", f"{sys.executable} {program}")]
    done = subprocess.run(command, capture_output=True, env={**environment, "PYTHONPATH": str(ROOT)})
    assert done.returncode == status
    assert (done.stdout.decode("utf-8", "surrogateescape"), done.stderr.decode()) == (out, told)


def test_otherwise_the_work_says_how_it_ended():
    assert [ended("tool", lambda: 0), ended("tool", lambda: 3)] == [0, 3]
