"""Isolation by bubblewrap: a world of its own made of Linux namespaces, with the worker as its process 1.

Promises: no network, no host file but the interpreter's and the system's libraries (read-only, without packages), a
private /tmp and /dev/shm with a size limit, no view of host processes, no way to make further namespaces. Run by root,
programs become a user that has no account; run by anyone else, a user namespace does the same.
Does not promise a memory limit for all processes of a run together beyond what the worker measures every 20 ms, and
shares the host's kernel.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from sandbox.errors import NoSandbox, SandboxFault
from sandbox.shells import shell

_SYSTEM = (*shell.LIBRARIES, "/usr/bin", "/usr/share/zoneinfo")
_LINKS = ("/lib", "/lib64", "/bin")
_PROGRAM_PLACE_MB = 64


class Bubblewrap:
    """Starts workers under `bwrap`."""

    name = "bubblewrap"

    def __init__(self, ceiling: shell.Ceiling | None = None):
        self.ceiling = ceiling or shell.Ceiling()
        self.command = shutil.which("bwrap")
        if self.command is None:
            raise NoSandbox("bubblewrap: there is no command `bwrap`; install it: apt-get install bubblewrap")
        self.as_root = os.geteuid() == 0

    def habits(self, slot: int) -> shell.Habits:
        return shell.Habits(
            places=("/tmp", "/dev/shm"),
            uid=shell.unprivileged_uid() if self.as_root else None,
            numpy_path=shell.NUMPY_INSIDE if shell.numpy_directory() else None,
        )

    def identity(self) -> str:
        return f"bubblewrap {_version(self.command or '')}"

    def close(self) -> None:
        """There is nothing to give back."""

    def start(self, program: str, slot: int) -> shell.Process:
        command = [self.command or "bwrap", *self._walls(), "--", str(shell.interpreter()), *shell.INTERPRETER_OPTIONS]
        try:
            popen = subprocess.Popen(
                [*command, "-c", program],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                bufsize=0, env={}, close_fds=True,
            )  # fmt: skip
        except OSError as error:
            raise SandboxFault(f"bubblewrap: could not start a worker: {error}") from None
        return shell.LocalProcess(popen)

    def _walls(self) -> list[str]:
        size = self.ceiling.disk_mb << 20
        walls = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
        walls += ["--as-pid-1", "--new-session", "--die-with-parent", "--hostname", "sandbox", "--clearenv"]
        if self.as_root:
            # As in a container: the worker keeps only what it needs to become nobody before a program runs.
            walls += ["--cap-drop", "ALL"]
            for needed in ("CAP_SETUID", "CAP_SETGID", "CAP_KILL"):
                walls += ["--cap-add", needed]
        else:
            walls += ["--unshare-user", "--disable-userns"]
        for name, value in shell.ENVIRONMENT.items():
            walls += ["--setenv", name, value]
        walls += [*self._file_system(), "--proc", "/proc", "--dev", "/dev"]
        walls += ["--perms", "1777", "--size", str(_PROGRAM_PLACE_MB << 20), "--tmpfs", "/dev/shm"]
        walls += ["--perms", "1777", "--size", str(size), "--tmpfs", "/tmp"]
        return [*walls, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp"]

    def _file_system(self) -> list[str]:
        """Binds of the system's libraries and of the interpreter, below folders that everybody may pass through."""
        binds = {folder: folder for folder in [*map(Path, _SYSTEM), *shell.interpreter_roots()]}
        if numpy := shell.numpy_directory():
            binds |= {folder: Path(shell.NUMPY_INSIDE, folder.name) for folder in sorted(numpy.glob("numpy*"))}
        walls: list[str] = []
        for parent in sorted({parent for place in binds.values() for parent in place.parents if parent != Path("/")}):
            walls += ["--perms", "0755", "--dir", str(parent)]
        for folder, place in binds.items():
            walls += ["--ro-bind-try", str(folder), str(place)]
        for path in _LINKS:
            if Path(path).is_symlink():
                walls += ["--symlink", str(Path(path).readlink()), path]
            elif Path(path).is_dir():
                walls += ["--ro-bind", path, path]
        for packages in map(str, shell.package_folders()):
            walls += ["--tmpfs", packages, "--remount-ro", packages]
        return walls


@cache
def _version(command: str) -> str:
    return subprocess.run([command, "--version"], capture_output=True, text=True, check=False).stdout.split()[-1]
