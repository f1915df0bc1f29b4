"""What a shell shows of the machine, and what is left on the machine when a start is interrupted."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox import Call, NoSandbox, Program, Sandbox, Stdin, probe
from sandbox.ladder import make_shell
from sandbox.shells import docker, shell

SEE = """
import os
def solve(folders):
    seen = []
    for folder in folders:
        for root, names, files in os.walk(folder):
            names[:] = [name for name in names if not name.startswith("numpy")]
            for name in files:
                try:
                    open(os.path.join(root, name)).close()
                    seen.append(os.path.join(root, name))
                except OSError:
                    pass
    return seen
"""


def test_no_package_of_the_base_interpreter_can_be_read(box: Sandbox) -> None:
    """Sparring may be one of them, and its references with it."""
    folders = shell.package_folders()
    assert any(list(folder.iterdir()) for folder in folders), "every interpreter comes with some"
    (outcome,) = box.run(Program(SEE, "solve"), [Call((list(map(str, folders)),))])
    assert outcome.value == []


def test_the_prefix_of_the_interpreter_is_not_seen_as_a_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The virtual environments of some tools lie below it."""
    for name in ("lib/python3.11/site-packages/envs", "envs/mine/lib/python3.11/site-packages"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.setattr(sys, "base_prefix", str(tmp_path))
    roots = shell.interpreter_roots()
    assert tmp_path / "lib" in roots
    assert not any((tmp_path / "envs").is_relative_to(root) for root in roots)
    assert tmp_path / "lib/python3.11/site-packages" in shell.package_folders()


def test_a_shell_that_shows_this_package_is_not_used(shell_name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "__file__", os.__file__)  # as if it lay where programs can read
    findings = {finding.what: finding for finding in probe.probe(make_shell(shell_name))}
    assert not findings["read outside"].holds
    assert findings["read outside"].told == "read an installed package"


def test_every_shell_has_the_time_zones(box: Sandbox) -> None:
    source = (
        "from datetime import datetime\nfrom zoneinfo import ZoneInfo\n"
        "print(datetime(2026, 7, 1, tzinfo=ZoneInfo('Europe/Berlin')).utcoffset())"
    )
    if not Path("/usr/share/zoneinfo/Europe/Berlin").exists():
        pytest.skip("this machine has none")
    (outcome,) = box.run(source, [Stdin()])
    assert outcome.stdout == "2:00:00\n", f"{outcome.error}; an old image? python -m sandbox image"


MADE = """
import sys
from pathlib import Path
from sandbox.shells.docker import Docker
print(Docker()._create("", Path(sys.argv[1])).id)
"""


@pytest.fixture
def daemon() -> Iterator[docker.Docker]:
    try:
        opened = docker.Docker()
    except NoSandbox as no:
        pytest.skip(str(no))
    yield opened
    opened.close()


def _made(daemon: docker.Docker, **filters: str) -> list[str]:
    """Containers that were made and not started."""
    found = daemon.client.api.containers(all=True, filters={"status": "created", **filters})
    return [each["Id"] for each in found]


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.docker
@pytest.mark.parametrize("at", ["while it is made", "before it is started"])
def test_an_interrupted_start_leaves_no_container(daemon: docker.Docker, at: str) -> None:
    create = daemon._create

    def interrupted(program: str, folder: Path) -> Any:
        made = create(program, folder)
        if at == "while it is made":
            raise KeyboardInterrupt
        made.start = _interrupt
        return made

    daemon._create = interrupted  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        daemon.start("", 0)
    assert _made(daemon, label=f"{docker.LABEL}.pid={os.getpid()}") == []


@pytest.mark.docker
def test_a_container_that_was_never_started_goes_when_the_next_sandbox_opens(daemon: docker.Docker) -> None:
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        command = [sys.executable, "-c", MADE, one]
        made = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
        mine = daemon._create("", Path(other))
        docker.Docker().close()
        left = _made(daemon)
        mine.remove()
    assert made
    assert made not in left
    assert mine.id in left, "its owner is alive"
