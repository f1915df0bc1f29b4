"""The caller's mistakes and the machine's failures: each a clear sentence, none a hang, none a score."""

from __future__ import annotations

import array
import gc
import math
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sandbox import (
    Call,
    Ceiling,
    Checker,
    CodeTests,
    Exact,
    Floats,
    Limits,
    NoSandbox,
    Program,
    Sandbox,
    SandboxError,
    SandboxFault,
    Stdin,
    Tokens,
    Verdict,
    open_sandbox,
)
from sandbox.ladder import LADDER, PREFERENCE, ladder
from sandbox.link import inside_sources
from sandbox.shells.docker import LABEL, Docker, connect
from tests.sandbox.conftest import why_not


def cyclic() -> list[Any]:
    found: list[Any] = []
    found.append(found)
    return found


ADD = Program("def add(a, b):\n    return a + b\n", "add")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"cpu_s": 0}, "Limits.cpu_s: expected a number from 0.001"),
        ({"cpu_s": -1}, "Limits.cpu_s"),
        ({"cpu_s": float("nan")}, "Limits.cpu_s"),
        ({"cpu_s": float("inf")}, "Limits.cpu_s"),
        ({"cpu_s": "2"}, "Limits.cpu_s"),
        ({"wall_s": 0}, "Limits.wall_s"),
        ({"memory_mb": 0}, "Limits.memory_mb: expected a whole number"),
        ({"memory_mb": 1.5}, "Limits.memory_mb"),
        ({"memory_mb": True}, "Limits.memory_mb"),
        ({"output_mb": 10**9}, "Limits.output_mb"),
        ({"processes": 0}, "Limits.processes"),
    ],
)
def test_nonsense_limits_are_refused_with_the_value(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Limits(**arguments)


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda box: box.judge(ADD, []), "at least one case"),
        (lambda box: box.judge(ADD, [Stdin("1", expected="2")]), "Stdin where the program is called"),
        (lambda box: box.judge("print(1)", [Call((1,), expected=2)]), "Call where the program is a script"),
        (lambda box: box.judge(ADD, [Call((1, 2))]), "no expected answer"),
        (lambda box: box.judge(ADD, [Call((1, 2), expected=3), CodeTests("assert 1")]), "either code tests or data"),
        (lambda box: box.run(ADD, [Call((object(),))]), "Call.args: expected plain data"),
        (lambda box: box.run(ADD, [Call((lambda: 1, 2))]), "only plain data can be sent"),
        (lambda box: box.run("print(1)", [Stdin("")], isolation="program"), "a script needs"),
        (lambda box: box.run(ADD, [Call((1, 2))], isolation="tests"), "expected 'test' or 'program'"),
        (lambda box: box.run(ADD, [Call((1, 2))], limits=Limits(memory_mb=100_000)), "higher ceiling"),
        (lambda box: box.run(ADD, [Call((1, 2))], limits=Limits(wall_s=3600)), "longer lifetime"),
        (lambda box: box.run(ADD, [Call((1, 2))], isolation="program", trace=True), "expected isolation='test'"),
        (lambda box: box.run(ADD, [Call((1,), {1: 2})]), "Call.kwargs: case 0: expected texts as names, got 1"),
        (lambda box: box.run(ADD, [Call((array.array("i", [1]), 2))]), "array"),
        (lambda box: box.run(ADD, [Call((..., 2))]), "ellipsis"),
        (lambda box: box.judge(ADD, [Call((1, 2), expected=range(3))]), "no program can answer that"),
        (lambda box: box.judge(ADD, [Call((1, 2), expected=3)], compare="exact"), "such as Exact"),
        (lambda box: box.run(ADD, [Call((cyclic(), 2))]), "Call.args: expected plain data nested"),
        (lambda box: box.judge(ADD, [Call((1, 2), expected=3)], compare=Checker("def check(")), "Checker.source: Synt"),
        (
            lambda box: box.judge(ADD, [Call((1, 2), expected=3)], compare=Checker("x = 1")),
            "expected Python that defines check",
        ),
        (lambda box: box.run(ADD, [Call((1, 2))], limits=5), "expected Limits"),
        (lambda box: box.run(b"print(1)", [Stdin("")]), "text of a script"),
        (lambda box: box.run("print(1)", "12"), "expected a list"),
        (lambda box: box.run("print(1)", [Stdin(None)]), "expected text or bytes"),
        (lambda box: box.run("print(1)", [Stdin("\ud800")]), "Stdin.text: expected text that has an encoding: 'utf-8'"),
        (lambda box: box.judge("print(1)", [Stdin(expected=None)]), "Stdin.expected: case 0: expected text or bytes"),
        (
            lambda box: box.judge("print(1)", [Stdin(expected=bytearray(b"1"))], compare=Tokens()),
            "got bytearray; write",
        ),
        (lambda box: box.judge(ADD, None), "cases: expected a list of them, got NoneType"),
        (lambda box: box.judge(ADD, Call((1, 2), expected=3)), "cases: expected a list of them, got Call"),
        (lambda box: box.judge(ADD, [Call((1, 2), expected=3)], compare=Exact), "such as Exact"),
        (lambda box: box.judge_many([5]), "pair 0: expected .program, cases., got int; give both"),
        (lambda box: box.judge_many([(ADD, [], 1)]), "pair 0: expected .program, cases., got 3 parts"),
        (
            lambda box: box.judge_many([(ADD, [Call((1, 2), expected=3)]), (ADD, [])]),
            "pair 1: judge: expected at least",
        ),
        (lambda box: box.judge_many(None), "pairs: expected a list of them, got NoneType"),
        (lambda box: box.matrix("print(1)", [Stdin(expected="1")]), "programs: expected a list of them, got str"),
        (lambda box: box.run(ADD, [Call("ab")]), "Call.args: case 0: expected a tuple or list of arguments, got str"),
        (lambda box: box.run(ADD, [Call(iter((1, 2)))]), "Call.args: case 0: expected a tuple or list of arguments"),
        (lambda box: box.run(ADD, [Call((1,), "b")]), "Call.kwargs: case 0: expected a dict, got str"),
        (lambda box: box.run(ADD, [Call((1, 2))], trace="no"), "trace: expected True or False, got 'no'"),
        (
            lambda box: box.judge(ADD, [Call((1, 2), expected=3)], stop_at_first_failure="no"),
            "stop_at_first_failure: expected True or False",
        ),
        (lambda box: box.kill_a_worker(2), "worker: expected a number from 0 to 1, got 2"),
        (lambda box: Floats("x"), "Floats.abs_tol: expected a tolerance"),
        (lambda box: Checker(None), "Checker.source: expected text, got NoneType"),
        (lambda box: CodeTests(None), "CodeTests.source: expected text, got NoneType"),
        (lambda box: CodeTests("assert add(1, 2) == 3", prelude=None), "CodeTests.prelude: expected text"),
        (lambda box: Program("", True), "expected a name"),
        (lambda box: Program("", 5), "expected a name"),
        (lambda box: open_sandbox([box.shell_name]), "expected a known name"),
        (lambda box: open_sandbox(box.shell_name, profile=["base"]), "expected a known profile"),
        (lambda box: open_sandbox(box.shell_name, ceiling=5), "ceiling: expected a Ceiling, got 5"),
        (
            lambda box: open_sandbox(box.shell_name, ceiling=Ceiling(lifetime_s=30 * 86400)),
            "Ceiling.lifetime_s: expect",
        ),
        (lambda box: open_sandbox(box.shell_name, ceiling=Ceiling(patience_s=math.inf)), "Ceiling.patience_s: expect"),
        (
            lambda box: open_sandbox(box.shell_name, ceiling=Ceiling(disk_mb=10**15)),
            "Ceiling.disk_mb: expected at most",
        ),
        (lambda box: Ceiling(memory_mb="x"), "Ceiling.memory_mb: expected a whole number"),
        (lambda box: open_sandbox(box.shell_name, cache_mb="64"), "cache_mb: expected a whole number"),
        (lambda box: open_sandbox(box.shell_name, profile="grader"), "choose one of"),
        (lambda box: Program(b"x"), "decode it first"),
        (lambda box: Program("", "not a name"), "expected a name"),
        (lambda box: box.run(ADD, [Call((1, 2))])[0].__class__(Verdict.WRONG).value, "look at .failure"),
    ],
)
def test_the_callers_mistakes_are_value_errors_that_say_what_to_do(best: Sandbox, ask: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        ask(best)
    assert best.judge(ADD, [Call((1, 2), expected=3)]).all_passed


@pytest.mark.parametrize(
    ("name", "guess"), [("dokcer", "docker"), ("bublewrap", "bubblewrap"), ("xyz", "choose one of")]
)
def test_an_unknown_shell_gets_a_guess(name: str, guess: str) -> None:
    with pytest.raises(ValueError, match=guess):
        open_sandbox(name)


def test_an_unknown_profile_gets_a_guess() -> None:
    with pytest.raises(ValueError, match="did you mean 'numpy'"):
        open_sandbox("auto", profile="nunpy")


@pytest.mark.parametrize("workers", [0, -1, 1.5, True, "2"])
def test_nonsense_numbers_of_workers_are_refused(workers: Any) -> None:
    with pytest.raises(ValueError, match="workers: expected a whole number"):
        open_sandbox("auto", workers=workers)


def _without(**environment: str) -> str:
    """What `open_sandbox("auto")` says in a process that has this environment and no sandlock."""
    code = (
        "import sys; sys.modules['sandlock'] = None\n"
        "from sandbox import *\n"
        "try:\n    print(open_sandbox('auto'))\nexcept NoSandbox as no:\n    print(no)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    return run.stdout


def test_where_nothing_isolates_auto_refuses_and_names_the_command_that_would_help() -> None:
    said = _without(PATH="/nowhere", DOCKER_HOST="unix:///nowhere.sock")
    assert "nothing on this machine isolates" in said
    assert "apt-get install bubblewrap" in said
    assert "docker: no daemon answers" in said


def test_the_environment_says_what_auto_tries_first(shell_name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PREFERENCE, shell_name)
    assert ladder()[0] == shell_name
    assert sorted(ladder()) == sorted(LADDER), "the others come behind it"
    with open_sandbox("auto") as box:
        assert box.shell_name == shell_name


@pytest.mark.parametrize("name", ["unsafe", "dokcer"])
def test_auto_never_takes_what_does_not_isolate_whatever_the_environment_says(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PREFERENCE, name)
    with pytest.raises(ValueError, match="set it to one of docker"):
        open_sandbox("auto")


def test_unsafe_must_be_asked_for_by_name_and_warns(capsys: pytest.CaptureFixture[str]) -> None:
    with open_sandbox("unsafe") as box:
        assert box.judge(ADD, [Call((1, 2), expected=3)]).all_passed
        assert box.run("while True: pass", [Stdin("")], limits=Limits(cpu_s=0.2))[0].failure is Verdict.TIMEOUT
    assert "UNSAFE" in capsys.readouterr().err


@pytest.mark.docker
def test_a_missing_image_is_said_with_the_command_that_builds_it(docker_daemon: None) -> None:
    with pytest.raises(NoSandbox, match="python -m sandbox image"):
        Docker(image="sparring-no-such-image:0")


@pytest.mark.docker
def test_a_container_that_is_removed_mid_run_costs_a_fault_and_no_verdict(docker_daemon: None) -> None:
    sleeper = Program("import time\ndef solve():\n    time.sleep(0.7)\n    return 1\n", "solve")
    with open_sandbox("docker", cache_mb=0) as box:
        box.judge(sleeper, [Call((), expected=1)])
        future = box.submit(sleeper, [Call((), expected=1)] * 2)
        while not (mine := connect().containers.list(filters={"label": f"{LABEL}.pid={os.getpid()}"})):
            pass
        for container in mine:
            container.remove(force=True)
        assert future.result(timeout=30).all_passed
        assert box.fault_count == 1


@pytest.fixture
def docker_daemon() -> None:
    try:
        Docker()
    except NoSandbox as no:
        pytest.skip(str(no))


@pytest.mark.parametrize("source", ["x = '\0'", "\0", "def (", "\ufeffprint(1)\n1 +"])
def test_sources_that_do_not_compile_are_syntax_verdicts(box: Sandbox, source: str) -> None:
    assert box.run(Program(source), [Stdin("")])[0].failure is Verdict.SYNTAX


def test_text_that_is_not_unicode_goes_in_and_out(best: Sandbox) -> None:
    (outcome,) = best.run("import sys\nsys.stdout.buffer.write(sys.stdin.buffer.read())", [Stdin(b"\xff\xfe\n")])
    assert outcome.stdout.encode("utf-8", "surrogateescape") == b"\xff\xfe\n"


def test_a_full_disk_where_workers_keep_their_files_is_a_fault_and_no_verdict(best: Sandbox) -> None:
    """A writable place too small for what a program writes is the program's failure; for its input, nobody's."""
    with open_sandbox("bubblewrap", ceiling=Ceiling(disk_mb=1), cache_mb=0) as box:
        (outcome,) = box.run("print('x' * 5_000_000, file=open('large', 'w'))", [Stdin("")])
        assert outcome.failure is Verdict.EXCEPTION
        assert "No space left" in outcome.stderr
        with pytest.raises(ValueError, match="expected at most 1 MB, got 4.8; a Ceiling with more disk_mb"):
            box.run("print(1)", [Stdin("x" * 5_000_000)])
        assert box.run("print(1)", [Stdin("x" * (1 << 20))])[0].stdout == "1\n"
        box.ceiling = Ceiling()
        with pytest.raises(SandboxFault, match="No space left"):
            box.run("print(1)", [Stdin("x" * 5_000_000)])
        assert box.run("print(1)", [Stdin("")])[0].stdout == "1\n"


def test_a_closed_sandbox_says_so() -> None:
    box = open_sandbox("auto")
    box.run("print(2)", [Stdin("")])
    box.close()
    box.close()
    with pytest.raises(SandboxError, match="open another one"):
        box.run("print(2)", [Stdin("")])  # which is in the cache
    with pytest.raises(SandboxError, match="open another one"):
        box.run("print(1)", [Stdin("")])


def test_a_shell_whose_worker_has_no_filter_here_is_refused_where_it_needs_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine whose numbers of system calls nobody has told, sandlock leaves modes and times of files open."""
    if reason := why_not("sandlock"):
        pytest.skip(reason)
    text = inside_sources()["sandbox.inside.confine"].replace("platform.machine()", "'riscv64'")
    monkeypatch.setattr("sandbox.link.inside_sources", lambda: {**inside_sources(), "sandbox.inside.confine": text})
    with pytest.raises(NoSandbox, match="sandlock: it does not isolate here: changed a host file's mode"):
        open_sandbox("sandlock")


def test_a_worker_of_another_python_compiles_what_it_is_sent(best: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in an image that is older than the interpreter of the trusted side."""
    monkeypatch.setattr("sandbox.link.MAGIC_NUMBER", b"another")
    monkeypatch.setattr("sandbox.link._compiled", lambda name, source: b"code that it cannot read")
    with open_sandbox(best.shell_name) as box:
        assert box.run("print(2)", [Stdin("")])[0].stdout == "2\n"


@pytest.mark.parametrize("trouble", ["nobody there", "nobody listens", "nobody answers the door"])
def test_a_daemon_that_cannot_be_reached_is_said_and_leaves_no_socket_open(
    trouble: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/d")
    with socket.socket(socket.AF_UNIX) as other:
        if trouble != "nobody there":
            other.bind(f"{tmp_path}/d")
        if trouble == "nobody answers the door":
            other.listen(0)
        with socket.socket(socket.AF_UNIX) as first:
            if trouble == "nobody answers the door":
                first.connect(f"{tmp_path}/d")  # fills the queue
            with pytest.raises(NoSandbox, match="docker: no daemon answers"):
                connect(answer_s=1)
    gc.collect()  # an open socket would warn here, and warnings are errors


@pytest.mark.parametrize("mistake", [{"workers": 0}, {"cache_mb": -1}])
def test_nonsense_numbers_are_refused_before_a_shell_is_tried(
    mistake: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.ladder.make_shell", None)
    with pytest.raises(ValueError, match="expected a whole number"):
        open_sandbox("bubblewrap", **mistake)


def test_a_checker_may_be_told_anything_of_a_script(best: Sandbox) -> None:
    even = Checker("def check(given, output, expected):\n    return expected is None and int(output) % 2 == 0\n")
    assert best.judge("print(4)", [Stdin(expected=None)], compare=even).all_passed
