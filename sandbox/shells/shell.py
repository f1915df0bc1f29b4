"""The seam between Sparring and whatever isolates: start an interpreter in there, and give me its pipes.

Promises: a `Shell` starts one process that runs the text it is given, as the first process of its own world or as close
to that as the software allows, and `Habits` says truthfully what a worker may rely on inside.
Does not promise strength: `sandbox.probe` finds out by trying.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import sysconfig
import tempfile
import weakref
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Protocol

INTERPRETER_OPTIONS = ("-S", "-s", "-P", "-B", "-W", "ignore::SyntaxWarning")
"""No site, no user site, nothing on the path by accident, no byte code written. A source is compiled once more in the
worker, which must not repeat its warnings."""

ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/tmp",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONHASHSEED": "0",
    "LD_BIND_NOW": "1",
    "MALLOC_ARENA_MAX": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
"""All that a program finds in its environment: fixed hash seed, time zone and locale, one thread for numerics."""


LIBRARIES = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64")
"""The system's, which programs may read, but for packages."""

NUMPY_INSIDE = "/numpy"
"""Where numpy stands in a shell with a file system of its own: its place outside may be one that is hidden inside."""

_serials = itertools.count()


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The most that any run of a worker may use; fixed when the worker starts."""

    memory_mb: int = 1024
    """For all processes of a run together, where the shell can count so."""
    processes: int = 64
    disk_mb: int = 256
    """For files in the writable places, standard output and error included."""
    lifetime_s: int = 3600
    """A worker ends by itself after this long; the pool starts another."""
    patience_s: float = 5.0
    """A worker that is silent for this long after every limit has passed is given up."""

    def __post_init__(self) -> None:
        for each in fields(self):
            value, kinds = getattr(self, each.name), (int, float) if each.name == "patience_s" else (int,)
            if type(value) not in kinds or not value > 0:
                number = "a number" if float in kinds else "a whole number"
                raise ValueError(f"Ceiling.{each.name}: expected {number} above 0, got {value!r}")


@dataclass(frozen=True, slots=True)
class Habits:
    """What the worker is told about the world it wakes up in."""

    places: tuple[str, ...] = ("/tmp",)
    """The writable directories. The first takes the unnamed files that stand for a run's descriptors."""
    uid: int | None = None
    """The unprivileged user that programs become; None: they stay the worker's own user."""
    complete_kill: bool = True
    """Whether kill(-1) may be used, if the worker can prove that it reaches nobody outside."""
    detached: bool = False
    """Whether the worker runs as a child of the process that the shell started, in a signal scope of its own."""
    count_processes: bool = True
    """Whether RLIMIT_NPROC counts this worker's processes alone."""
    numpy_path: str | None = None
    """The directory that holds numpy inside, when there is one."""


class Process(Protocol):
    """A started interpreter and its two pipes."""

    reader: int
    writer: int

    def kill(self) -> None:
        """Ends it and everything inside, at once."""

    def errors(self) -> str:
        """What it wrote to standard error, after its end."""

    def close(self) -> None:
        """Ends it, waits until it is gone, and removes what it needed."""


class Shell(Protocol):
    """One kind of isolation."""

    name: str
    ceiling: Ceiling

    def habits(self, slot: int) -> Habits: ...

    def start(self, program: str, slot: int) -> Process:
        """Starts an interpreter on `program`; raises `SandboxFault` when the software refuses."""

    def identity(self) -> str:
        """Name and version or digest, for reports and cache keys."""

    def close(self) -> None:
        """Gives back what the shell itself holds; its processes are closed by then."""


def interpreter() -> Path:
    """The real interpreter behind any virtual environment or shim."""
    base = getattr(sys, "_base_executable", None) or sys.executable
    return Path(base).resolve()


def interpreter_roots() -> list[Path]:
    """What the interpreter needs outside of the system's own folders: itself and its libraries.

    Not its whole prefix: virtual environments may lie below that.
    """
    prefixes = {Path(sys.base_prefix).resolve(), interpreter().parent.parent} - {Path("/usr"), Path("/")}
    folders = {prefix / name for prefix in prefixes for name in ("lib", "lib64", "share/zoneinfo")}
    return sorted({interpreter(), *(folder for folder in folders if folder.is_dir())})


def package_folders() -> list[Path]:
    """Where packages are installed for the interpreters that a program can see; Sparring itself may be among them."""
    roots = {*interpreter_roots(), *map(Path, LIBRARIES)}
    found = {each for root in roots for kind in ("site", "dist") for each in root.glob(f"*/{kind}-packages")}
    return sorted(each for each in found if each.is_dir() and not (each.is_symlink() or each.parent.is_symlink()))


def numpy_directory() -> Path | None:
    """Where numpy is installed for this interpreter, found without importing it."""
    for name in ("purelib", "platlib"):
        folder = Path(sysconfig.get_paths()[name])
        if (folder / "numpy" / "__init__.py").exists():
            return folder
    return None


def unprivileged_uid() -> int:
    """Another user id that no account has at each call, so that the processes of two workers are not counted together.

    Not by a worker's slot: a process may open several sandboxes, and what fills one must not be felt in another.
    """
    return 2_000_000 + os.getpid() % (1 << 14) * (1 << 16) + next(_serials) % (1 << 16)


def temporary_prefix() -> str:
    """How the names of this process's temporary folders begin."""
    return f"sparring-{os.getpid()}-"


class Place:
    """A folder of the host's for one worker to write to, gone when it is closed and also when this process is killed.

    A child outside the isolation waits for the end of a pipe and then removes the folder: `rm` goes deeper than any
    path that Python could name.
    """

    def __init__(self) -> None:
        self.path = tempfile.mkdtemp(prefix=temporary_prefix())
        self._janitor = subprocess.Popen(
            ["/bin/sh", "-c", 'read _; exec rm -rf -- "$1"', "janitor", self.path],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            bufsize=0,
        )  # fmt: skip
        _places.add(self)

    def let_go(self) -> None:
        """Closes this side of the pipe."""
        assert self._janitor.stdin is not None
        self._janitor.stdin.close()

    def close(self) -> None:
        self.let_go()
        self._janitor.wait()


_places: weakref.WeakSet[Place] = weakref.WeakSet()


def _let_all_go() -> None:
    """In a forked child of the caller: what it inherited would keep the janitors waiting after the caller's death."""
    for place in list(_places):
        place.let_go()


os.register_at_fork(after_in_child=_let_all_go)


@dataclass
class LocalProcess:
    """A started child of ours, with pipes for its standard input and output."""

    popen: subprocess.Popen[bytes]
    reader: int = field(init=False)
    writer: int = field(init=False)

    def __post_init__(self) -> None:
        assert self.popen.stdin is not None
        assert self.popen.stdout is not None
        self.writer, self.reader = self.popen.stdin.fileno(), self.popen.stdout.fileno()

    def kill(self) -> None:
        self.popen.kill()

    def errors(self) -> str:
        assert self.popen.stderr is not None
        if self.popen.poll() is None:
            return ""
        return self.popen.stderr.read(65536).decode("utf-8", "replace")

    def close(self) -> None:
        for stream in (self.popen.stdin, self.popen.stdout):
            if stream is not None:
                stream.close()
        self.popen.kill()
        self.popen.wait()
        if self.popen.stderr is not None:
            self.popen.stderr.close()
