"""Tries what a hostile program would try, and reports what happened.

Promises: every finding comes from an attempt made just now, in a worker of the shell in question. Does not promise
completeness.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sandbox.cases import Limits, Outcome, Program, Verdict
from sandbox.link import Link
from sandbox.shells.shell import Shell

_LIMITS = Limits(cpu_s=1.0, wall_s=4.0, memory_mb=64, output_mb=4, processes=16)

_NETWORK = """
import socket
for family, address in ((socket.AF_INET, ("192.0.2.1", 9)), (socket.AF_INET6, ("2001:db8::1", 9, 0, 0))):
    try:
        probe = socket.socket(family, socket.SOCK_DGRAM)
        probe.connect(address)
        probe.send(b"x")
        print("sent to", address[0])
    except OSError:
        pass
"""

_WRITE = """
import sys
for place in input().split(","):
    try:
        with open(place + "/sparring-probe", "w") as file:
            file.write("x")
        print("wrote to", place)
    except OSError:
        pass
"""

_READ = """
try:
    print(open(input()).read())
except OSError:
    pass
"""

_CHANGE = """
import os
name = input()
for change, value in ((os.chmod, 0o600), (os.utime, (1, 1))):
    try:
        change(name, value)
        print("changed a host file's mode or times")
        break
    except OSError:
        pass
"""

_PROCESSES = """
import os, signal
outer = int(input())
try:
    os.kill(outer, 0)
    print("can signal the process", outer)
except OSError:
    pass
try:
    seen = [name for name in os.listdir("/proc") if name.isdigit()]
    if len(seen) > 3:
        print("sees", len(seen), "processes")
except OSError:
    pass
"""

_MEMORY = "hoard = []\nwhile True:\n    hoard.append(bytearray(1 << 20))\n"

_FORKS = """
import os, time
made = 0
try:
    for _ in range(200):
        if os.fork() == 0:
            time.sleep(30)
            os._exit(0)
        made += 1
except OSError:
    pass
print(made)
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried."""

    what: str
    holds: bool
    told: str
    """What happened, for people."""
    required: bool = True
    """Whether a shell that fails this may not be used."""


def probe(shell: Shell, profile: str = "base") -> list[Finding]:
    """Tries the restrictions that a shell must have; raises `SandboxFault` when its worker does not start."""
    link = Link(shell, profile, 255)
    try:
        return [
            _network(link), _write_outside(link), _read_outside(link), _change_outside(link), _other_processes(link),
            _complete(link),
        ]  # fmt: skip
    finally:
        link.close()


def probe_limits(shell: Shell) -> list[Finding]:
    """Tries the limits, which takes longer and is for the doctor."""
    link = Link(shell, "base", 255)
    try:
        return [_memory(link), _fork_bomb(link)]
    finally:
        link.close()


def _try(link: Link, source: str, text: str = "") -> Outcome:
    program = Program(source)
    link.send_input(program, text.encode(), _LIMITS)
    return link.result(program, _LIMITS)


def _network(link: Link) -> Finding:
    said = _try(link, _NETWORK).stdout.strip()
    return Finding("network", not said, said or "every packet was refused")


def _write_outside(link: Link) -> Finding:
    folder = Path(tempfile.mkdtemp(prefix="sparring-probe-"))
    folder.chmod(0o777)
    own = link.shell.habits(link.slot).places  # a folder of that name inside is the worker's own
    places = [place for place in (str(folder), *_worth_a_try()) if place not in own]
    try:
        said = _try(link, _WRITE, ",".join(places)).stdout.strip()
        reached = (folder / "sparring-probe").exists()
    finally:
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
    return Finding("write outside", not said and not reached, said or "every write was refused")


def _worth_a_try() -> list[str]:
    """Folders of this machine that a program might write to."""
    found = ["/", "/usr", "/etc", "/var/tmp"]
    for folder in (Path.home, Path.cwd):
        with suppress(RuntimeError, OSError):  # a user without a home; a folder that is gone
            found.append(str(folder()))
    return found


def _read_outside(link: Link) -> Finding:
    with tempfile.NamedTemporaryFile("w", prefix="sparring-probe-") as file:
        file.write("secret")
        file.flush()
        Path(file.name).chmod(0o644)
        said = _try(link, _READ, file.name).stdout
    if "secret" in said:
        return Finding("read outside", False, "read a host file")
    told = _try(link, _READ, __file__).stdout  # beside this package there may be answers
    return Finding("read outside", not told, "read an installed package" if told else "refused")


def _change_outside(link: Link) -> Finding:
    with tempfile.NamedTemporaryFile("w", prefix="sparring-probe-") as file:
        said = _try(link, _CHANGE, file.name).stdout.strip()
    return Finding("change outside", not said, said or "modes and times stay as they are")


def _other_processes(link: Link) -> Finding:
    said = _try(link, _PROCESSES, str(os.getpid())).stdout.strip().replace("\n", ", ")
    return Finding("other processes", not said, said or "none in sight, none to be signalled")


def _complete(link: Link) -> Finding:
    holds = bool(link.hello.get("complete_kill"))
    return Finding("nothing survives a run", holds, "kill(-1) is confined" if holds else "no confined kill(-1)")


def _memory(link: Link) -> Finding:
    outcome = _try(link, _MEMORY)
    holds = outcome.failure is Verdict.MEMORY
    return Finding("memory limit", holds, f"stopped at {outcome.memory_mb:.0f} MB" if holds else f"{outcome.failure}")


def _fork_bomb(link: Link) -> Finding:
    outcome = _try(link, _FORKS)
    made = outcome.stdout.strip()
    holds = outcome.failure is not None or (made.isdigit() and int(made) <= _LIMITS.processes + 64)
    told = f"{outcome.failure or 'stopped'} after {made or 'too many'} forks"
    return Finding("fork bomb", holds, told, required=False)
