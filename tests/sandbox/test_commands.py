"""`python -m sandbox`: what its commands print, and the status they leave with."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox import NoSandbox
from sandbox.image import put, split_tag
from sandbox.ladder import LADDER, make_shell
from sandbox.shells import docker

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = ("run", "doctor", "bench", "soak", "image")
TAG = "sparring-sandbox-test:commands"

Command = Callable[..., "subprocess.CompletedProcess[str]"]


def sandbox(*arguments: object, given: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-m", "sandbox", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, input=given, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def quickest() -> str:
    """The shell that starts fastest, of those that are here: what commands print does not depend on it."""
    for name in reversed(LADDER):
        try:
            make_shell(name).close()
        except NoSandbox:
            continue
        return name
    pytest.skip("nothing on this machine isolates")


@pytest.fixture
def run(quickest: str, tmp_path: Path) -> Command:
    """Runs a program's text by `python -m sandbox run`."""

    def run_source(source: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        file = tmp_path / "program.py"
        file.write_text(source, "utf-8")
        return sandbox("run", file, "--shell", quickest, *arguments)

    return run_source


def test_run_passes_output_and_errors_on_and_ends_with_0(run: Command) -> None:
    done = run("import sys\nprint('straße')\nprint('to errors', file=sys.stderr)\n")
    assert (done.returncode, done.stdout) == (0, "straße\n")
    first, last = done.stderr.splitlines()
    assert first == "to errors"
    assert last.startswith("[ended well; CPU 0.")


def test_run_gives_the_program_its_standard_input(run: Command, tmp_path: Path) -> None:
    (tmp_path / "input").write_text("3 4\n")
    assert run("print(sum(map(int, input().split())))", "--stdin", tmp_path / "input").stdout == "7\n"


def test_run_reads_what_python_reads(run: Command, tmp_path: Path, quickest: str) -> None:
    for name, data in (
        ("bom", "\ufeffprint('é')".encode()),
        ("latin", "# coding: latin-1\nprint('é')".encode("latin-1")),
    ):
        (tmp_path / name).write_bytes(data)
        assert sandbox("run", tmp_path / name, "--shell", quickest).stdout == "é\n"
    (tmp_path / "bad").write_bytes(b"print('\xff')")
    assert "not text that Python could read" in sandbox("run", tmp_path / "bad", "--shell", quickest).stderr


def test_run_works_in_a_folder_that_is_gone(tmp_path: Path, quickest: str) -> None:
    (tmp_path / "program.py").write_text("print(5)")
    (tmp_path / "gone").mkdir()
    words = [sys.executable, "-m", "sandbox", "run", str(tmp_path / "program.py"), "--shell", quickest]
    command = ["sh", "-c", 'cd "$0" && rmdir "$0" && exec "$@"', str(tmp_path / "gone"), *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (0, "5\n"), done.stderr


def test_run_passes_on_every_byte(tmp_path: Path, quickest: str) -> None:
    (tmp_path / "main.py").write_text("import os\nos.write(1, bytes(range(256)))\nos.write(2, b'\\xff')\n")
    command = [sys.executable, "-m", "sandbox", "run", str(tmp_path / "main.py"), "--shell", quickest]
    done = subprocess.run(command, capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stdout) == (0, bytes(range(256)))


def test_run_reads_a_program_from_standard_input(quickest: str) -> None:
    assert sandbox("run", "-", "--shell", quickest, given="print(6 * 7)").stdout == "42\n"


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_run_works_where_standard_streams_are_closed(tmp_path: Path, quickest: str, closed: str) -> None:
    (tmp_path / "program.py").touch()
    words = [sys.executable, "-m", "sandbox", "run", str(tmp_path / "program.py"), "--shell", quickest]
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {closed}', "sh", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)


def test_a_program_from_a_closed_standard_input_is_a_mistake() -> None:
    words = [sys.executable, "-m", "sandbox", "run", "-"]
    done = subprocess.run(["sh", "-c", 'exec "$@" <&-', "sh", *words], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith(b"sandbox: FILE: expected a program from standard input, which is closed")


def test_run_ends_with_1_when_the_program_fails(run: Command) -> None:
    done = run("print('so far')\nraise ValueError('no further')\n")
    assert (done.returncode, done.stdout) == (1, "so far\n")
    assert "Traceback" in done.stderr
    assert "[exception: ValueError: no further; " in done.stderr


def test_run_prints_one_json_object_and_nothing_else(run: Command, quickest: str) -> None:
    done = run("import sys\nprint('out')\nsys.exit(3)\n", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (1, "")
    assert (told["failure"], told["stdout"], told["exit_status"]) == ("exception", "out\n", 3)
    assert told["shell"].startswith(quickest)
    assert {"error", "stderr", "cpu_s", "wall_s", "memory_mb", "truncated", "borderline", "line"} <= told.keys()


@pytest.mark.parametrize(
    ("source", "arguments", "verdict"),
    [
        ("while True:\n    pass\n", ("--cpu-s", 0.1), "timeout"),
        ("import time\ntime.sleep(30)\n", ("--cpu-s", 0.1, "--wall-s", 0.2), "timeout"),
        ("hoard = bytearray(100 << 20)\n", ("--memory-mb", 32), "memory"),
        ("print('x' * (3 << 20))\n", ("--output-mb", 1), "output"),
        ("def f(:\n", (), "syntax"),
    ],
    ids=["cpu", "wall", "memory", "output", "syntax"],
)
def test_run_obeys_the_limits_it_is_given(
    run: Command, source: str, arguments: tuple[object, ...], verdict: str
) -> None:
    done = run(source, *arguments, "--json")
    assert (done.returncode, json.loads(done.stdout or "{}").get("failure")) == (1, verdict), done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "no-such-file.py"), "no-such-file.py"),
        (("run", "README.md", "--stdin", "no-such-input"), "no-such-input"),
        (("run", "README.md", "--cpu-s", "0"), "Limits.cpu_s: expected a number from 0.001"),
        (("run", "README.md", "--shell", "dokcer"), "did you mean 'docker'?"),
        (("run", "README.md", "--profile", "nunpy"), "did you mean 'numpy'?"),
        (("bench", "--rounds", "0"), "expected --rounds >= 1"),
        (("bench", "--shell", "auto"), "got 'auto'; choose one of docker, bubblewrap"),
        (("image", "--tag", ""), "--tag: expected the name of an image, got ''"),
        (("soak", "--runs", "0"), "expected --runs of at least 1"),
    ],
    ids=lambda value: " ".join(value[:3]) if isinstance(value, tuple) else "",
)
def test_a_mistake_is_one_sentence_and_status_2(arguments: tuple[str, ...], words: str) -> None:
    done = sandbox(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith("sandbox: ")
    assert words in sentence


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    done = sandbox(command, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith(f"usage: python -m sandbox {command} ")


def test_help_names_every_command() -> None:
    told = sandbox("--help").stdout
    assert [command for command in COMMANDS if f"\n    {command} " not in told] == []


def test_no_command_is_a_mistake() -> None:
    assert sandbox().returncode == 2


@pytest.fixture(scope="module")
def diagnosis(quickest: str) -> dict[str, Any]:
    done = sandbox("doctor", "--json")
    assert done.returncode == 0, f"{quickest} was there a moment ago: {done.stdout}"
    return dict(json.loads(done.stdout))


def test_doctor_tells_of_every_shell_what_was_tried(diagnosis: dict[str, Any]) -> None:
    assert diagnosis.keys() == {"machine", "shells", "auto", "advice"}
    assert tuple(diagnosis["shells"]) == LADDER
    assert diagnosis["shells"][diagnosis["auto"]]["available"]
    assert all(isinstance(value, str) and value for value in diagnosis["machine"].values())
    for shell in diagnosis["shells"].values():
        _examined(shell)


def _examined(shell: dict[str, Any]) -> None:
    if shell["problem"]:
        assert not shell["available"]
        return
    tried = [finding["what"] for finding in shell["findings"]]
    assert tried == [
        "network", "write outside", "read outside", "change outside", "other processes", "nothing survives a run",
        "memory limit", "fork bomb",
    ]  # fmt: skip
    assert shell["available"] == all(finding["holds"] for finding in shell["findings"] if finding["required"])


def test_doctor_advises_only_what_is_stronger_than_what_is_there(diagnosis: dict[str, Any]) -> None:
    stronger = LADDER[: LADDER.index(diagnosis["auto"])]
    assert all(not diagnosis["shells"][name]["available"] for name in stronger)
    assert bool(diagnosis["advice"]) == bool(stronger)


def test_bench_prints_the_keys_that_others_compare_with(quickest: str) -> None:
    done = sandbox("bench", "--rounds", 1, "--runs", 10, "--shell", quickest, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told.keys() == {"shells", "baselines"}
    assert told["baselines"].keys() == {"interpreter_per_s", "bare_interpreter_per_s"}
    assert list(told["shells"]) == [quickest]
    figures = told["shells"][quickest]
    assert figures.keys() >= {
        "fork_floor_per_s", "isolated_runs_per_s", "fork_per_test_tests_per_s", "fork_per_program_tests_per_s",
        "p50_ms", "p99_ms", "start_ms", "worker_memory_mb", "scaling_2_workers",
    }  # fmt: skip
    assert all(value > 0 for value in (*figures.values(), *told["baselines"].values()))
    assert figures["p50_ms"] <= figures["p99_ms"]


def test_soak_finds_nothing_left_behind(quickest: str) -> None:
    done = sandbox("soak", "--runs", 15, "--seed", 1, "--workers", 2, "--shell", quickest, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert told["ok"]
    assert (told["runs"], told["reports"], told["lost"], told["leaks"]) == (15, 15, 0, {})
    assert (told["wrong_denominator"], told["wrong_verdict"]) == (0, 0)


@pytest.mark.parametrize(
    ("name", "repository", "tag"),
    [("sparring:3.11", "sparring", "3.11"), ("sparring", "sparring", "latest"),
     ("localhost:5000/team/sparring:3.11", "localhost:5000/team/sparring", "3.11"),
     ("localhost:5000/sparring", "localhost:5000/sparring", "latest")],
)  # fmt: skip
def test_an_image_may_be_for_a_registry_with_a_port(name: str, repository: str, tag: str) -> None:
    assert split_tag(name) == (repository, tag)


@pytest.fixture
def daemon() -> Iterator[Any]:
    try:
        client = docker.connect()
    except NoSandbox as no:
        pytest.skip(str(no))
    yield client
    client.close()


@pytest.mark.docker
def test_image_prints_the_tag_and_the_digest(daemon: Any) -> None:
    try:
        done = sandbox("image", "--tag", TAG)
        assert done.returncode == 0, done.stderr
        assert done.stdout == f"{TAG} {daemon.images.get(TAG).id}\n"
    finally:
        daemon.images.remove(TAG)


@pytest.mark.docker
def test_a_build_removes_the_former_image_but_none_that_is_used_or_not_ours(daemon: Any) -> None:
    root = io.BytesIO()
    tarfile.open(fileobj=root, mode="w").close()
    tag, container, made = f"{TAG}-{os.getpid()}", None, set()
    try:
        made.add(used := put(daemon, root.getvalue(), tag))
        container = daemon.containers.create(used, ["none"])
        told = daemon.api.import_image_from_data(root.getvalue())  # no label, no name: somebody else's
        made.add(stranger := json.loads(told.splitlines()[-1])["status"])
        made.add(former := put(daemon, root.getvalue(), tag))
        made.add(present := put(daemon, root.getvalue(), tag))
        assert made & {each.id for each in daemon.images.list()} == {used, stranger, present}, former
        assert daemon.images.get(tag).id == present
    finally:
        if container is not None:
            container.remove()
        for each in made & {each.id for each in daemon.images.list()}:
            daemon.images.remove(each)
