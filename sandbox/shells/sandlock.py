"""Isolation by sandlock (Landlock and seccomp): needs no privilege, no daemon, no namespace; only pip and a new kernel.

Promises: no network, no host file but the interpreter's and the system's libraries (without packages), one writable
directory, no signal to anything outside, a bound on processes and on their memory together. Does not promise a private
process list (nothing under /proc can be read at all), nor a limit on the disk beyond the size of each file and what the
worker counts, nor to hide whether a file of the host's exists, its size and its times.
"""

from __future__ import annotations

import contextlib
import os
import signal
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sandbox.errors import NoSandbox, SandboxFault
from sandbox.shells import shell

_READABLE = (*shell.LIBRARIES, "/lib", "/lib64", "/usr/share/zoneinfo")
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")


class Sandlock:
    """Starts workers under sandlock."""

    name = "sandlock"

    def __init__(self, ceiling: shell.Ceiling | None = None):
        self.ceiling = ceiling or shell.Ceiling()
        try:
            import sandlock
        except ImportError as error:
            raise NoSandbox(f"sandlock: it cannot be imported ({error}); install it: pip install sandlock") from None
        needed, offered = sandlock.min_landlock_abi(), sandlock.landlock_abi_version()
        if offered < needed:
            raise NoSandbox(f"sandlock: it needs Landlock ABI {needed}, this kernel has {offered}; use bubblewrap")
        self._sandlock: Any = sandlock
        self._places: dict[int, str] = {}

    def habits(self, slot: int) -> shell.Habits:
        numpy = shell.numpy_directory()
        return shell.Habits(
            places=(self._places[slot],),
            detached=True,
            count_processes=False,  # this user's other processes would be counted too; sandlock counts its own
            numpy_path=str(numpy) if numpy else None,
        )

    def identity(self) -> str:
        return f"sandlock {self._sandlock.__version__}"

    def close(self) -> None:
        """There is nothing to give back."""

    def start(self, program: str, slot: int) -> shell.Process:
        place = shell.Place()
        self._places[slot] = place.path
        command = [str(shell.interpreter()), *shell.INTERPRETER_OPTIONS, "-c", program]
        piped = self._sandlock.StdioMode.PIPED
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                sandbox = self._policy(place.path)
                process = sandbox.popen(command, stdin=piped, stdout=piped, stderr=piped)
        except Exception as error:
            place.close()
            raise SandboxFault(f"sandlock: could not start a worker: {error}") from None
        return _Confined(sandbox, process, place)

    def _policy(self, place: str) -> Any:
        readable = list(map(str, shell.interpreter_roots()))
        readable += [path for path in _READABLE if Path(path).exists()]
        numpy = shell.numpy_directory()
        if numpy is not None:
            readable += [str(folder) for folder in numpy.glob("numpy*")]
        return self._sandlock.Sandbox(
            fs_readable=[*readable, *_DEVICES],
            fs_writable=[place],
            fs_denied=[str(each) for each in _packages(numpy)],
            clean_env=True,
            env={**shell.ENVIRONMENT, "HOME": place},
            cwd=place,
            max_processes=self.ceiling.processes + 4,
            # Its answer to a request beyond this is SIGKILL; the limit of each process, far below, raises MemoryError.
            max_memory=f"{4 * self.ceiling.memory_mb}M",
            no_huge_pages=True,
        )


def _packages(numpy: Path | None) -> Iterator[Path]:
    """What is denied: each folder of packages, or all in it but numpy: what lies in a denied one cannot be allowed."""
    for folder in shell.package_folders():
        if folder == numpy:
            yield from (each for each in folder.iterdir() if not each.name.startswith("numpy"))
        else:
            yield folder


class _Confined:
    """A process under sandlock, and the directory that is its own."""

    def __init__(self, sandbox: Any, process: Any, place: shell.Place):
        self._sandbox, self._process, self._place = sandbox, process, place
        self.reader, self.writer = process.stdout.fileno(), process.stdin.fileno()

    def kill(self) -> None:
        """The worker's process group first: it holds all programs, which may make none of their own."""
        pid = self._process.pid
        with contextlib.suppress(OSError):
            for worker in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
                os.killpg(int(worker), signal.SIGKILL)
        with contextlib.suppress(Exception):
            self._process.kill()

    def errors(self) -> str:
        return ""

    def close(self) -> None:
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            with contextlib.suppress(Exception):
                stream.close()
        self.kill()
        with contextlib.suppress(Exception):
            self._process.wait()
        self._place.close()
