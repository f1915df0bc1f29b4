"""Isolation by Docker: the reference shell. One hardened container for each worker.

Promises: no network, a read-only root, every capability dropped but the three that the worker needs to become nobody,
no new privileges, limits on processes, memory (swap included) and CPU, tmpfs with a cap on size and inodes, labels,
and an end after the lifetime or within moments of the caller's death. The image is never pulled; its digest is
in every report. The daemon is asked to start and stop containers only: programs and answers travel through named pipes.
Does not promise to work with a daemon on another machine, which would not see the pipes.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import time
from pathlib import Path
from typing import Any

from sandbox.errors import NoSandbox, SandboxFault
from sandbox.shells import shell

IMAGE = f"sparring-sandbox:{sys.version_info.major}.{sys.version_info.minor}"
"""Built by `python -m sandbox image`, or from sandbox/Dockerfile."""

LABEL = "sparring.sandbox"
_START_S = 20.0
_MAKING_S = 2.0
_ANSWER_S = 20
"""A daemon that does not answer for so long counts as one that is not there. It usually answers in 0.3 s."""


class Docker:
    """Starts workers in containers."""

    name = "docker"

    def __init__(self, ceiling: shell.Ceiling | None = None, image: str = IMAGE):
        self.ceiling = ceiling or shell.Ceiling()
        self.client = connect()
        self._sweep()
        try:
            found = self.client.images.get(image)
        except Exception as error:
            raise NoSandbox(
                f"docker: expected the image {image}, which is not there ({_first_line(error)}); "
                "build it: python -m sandbox image"
            ) from None
        self.image: Any = found
        self.python = found.labels.get("sparring.python", "/usr/local/bin/python3")
        self.numpy_path = found.labels.get("sparring.numpy") or None

    def habits(self, slot: int) -> shell.Habits:
        return shell.Habits(places=("/tmp", "/dev/shm"), uid=shell.unprivileged_uid(), numpy_path=self.numpy_path)

    def identity(self) -> str:
        return f"docker {self.image.id}"

    def close(self) -> None:
        self.client.close()

    def start(self, program: str, slot: int) -> shell.Process:
        place = shell.Place()  # gone too if this process is killed before the pipes are open
        folder, container = Path(place.path), None
        try:
            folder.chmod(0o711)
            for name in ("in", "out"):
                os.mkfifo(folder / name)
                (folder / name).chmod(0o666)
            container = self._create(program, folder)
            container.start()
            return _Container(container, folder)
        except Exception as error:
            self._take_back(folder.name)
            raise SandboxFault(f"docker: could not start a worker: {_first_line(error)}") from None
        except BaseException:
            self._take_back(folder.name, 0.0 if container else _MAKING_S)
            raise
        finally:
            # From here on no name leads to the pipes any more: a program could only have found them by name.
            place.close()

    def _create(self, program: str, folder: Path) -> Any:
        import docker

        memory = f"{self.ceiling.memory_mb + 128}m"
        places = {
            "/tmp": f"size={self.ceiling.disk_mb}m,nr_inodes=8192,mode=1777,nosuid,nodev,noexec",
            "/dev/mqueue": "ro,size=4k,nosuid,nodev,noexec",  # by itself Docker gives everybody a place for queues
        }
        return self.client.containers.create(
            self.image.id,
            [self.python, *shell.INTERPRETER_OPTIONS, "-c", program, "/channel/in", "/channel/out"],
            name=folder.name,
            auto_remove=True,
            network_mode="none",
            read_only=True,
            user="0:0",
            cap_drop=["ALL"],
            cap_add=["SETUID", "SETGID", "KILL"],
            security_opt=["no-new-privileges"],
            pids_limit=self.ceiling.processes + 8,
            mem_limit=memory,
            memswap_limit=memory,
            nano_cpus=1_000_000_000,
            tmpfs=places,
            shm_size="64m",
            ipc_mode="private",
            hostname="sandbox",
            working_dir="/tmp",
            environment=shell.ENVIRONMENT,
            log_config=docker.types.LogConfig(type="none"),
            mounts=[docker.types.Mount("/channel", str(folder), type="bind", read_only=True)],
            labels={LABEL: "worker", f"{LABEL}.pid": str(os.getpid()), f"{LABEL}.pids": _pids()},
        )

    def _take_back(self, name: str, patience_s: float = 0.0) -> None:
        """Removes a container that will not be used; the daemon may be making it still when we are interrupted."""
        give_up = time.monotonic() + patience_s
        with contextlib.suppress(Exception):
            while not self.client.api.containers(all=True, filters={"name": name}) and time.monotonic() < give_up:
                time.sleep(0.05)
            self.client.api.remove_container(name, force=True, v=True)

    def _sweep(self) -> None:
        """Removes containers that were made and never started, if the process that wanted them is gone."""
        with contextlib.suppress(Exception):
            filters = {"status": "created", "label": [LABEL, f"{LABEL}.pids={_pids()}"]}
            for made in self.client.api.containers(all=True, filters=filters):
                if not Path("/proc", made["Labels"][f"{LABEL}.pid"]).exists():
                    self.client.api.remove_container(made["Id"], force=True, v=True)


class _Container:
    """A running container and the host's ends of its pipes."""

    def __init__(self, container: Any, folder: Path):
        self.container = container
        self.reader = self.writer = -1
        try:
            self.reader = os.open(folder / "out", os.O_RDONLY | os.O_NONBLOCK)
            self.writer = _open_when_read(folder / "in")
        except BaseException:
            self.close()
            raise

    def kill(self) -> None:
        with contextlib.suppress(Exception):
            self.container.kill()

    def errors(self) -> str:
        return ""

    def close(self) -> None:
        for descriptor in {self.writer, self.reader} - {-1}:
            with contextlib.suppress(OSError):
                os.close(descriptor)
        self._remove()

    def _remove(self) -> None:
        with contextlib.suppress(Exception):  # it may have removed itself, or the daemon may be gone
            self.container.remove(force=True, v=True)


def _pids() -> str:
    """The namespace in which this process's number means something."""
    return str(Path("/proc/self/ns/pid").readlink())


def _open_when_read(path: Path) -> int:
    """Opens a named pipe for writing as soon as the worker has opened it for reading."""
    give_up = time.monotonic() + _START_S
    while True:
        try:
            return os.open(path, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            if time.monotonic() > give_up:
                raise SandboxFault("docker: the container started, and its worker never opened the channel") from None
            time.sleep(0.005)


def connect(answer_s: int = _ANSWER_S) -> Any:
    """A client of the local daemon; raises `NoSandbox` when there is none."""
    try:
        import docker

        _knock(os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock", answer_s)
        client = docker.from_env(timeout=answer_s)
        client.ping()
    except Exception as error:
        raise NoSandbox(
            f"docker: no daemon answers ({_first_line(error)}); start one, for example: systemctl start docker"
        ) from None
    return client


def _knock(host: str, answer_s: int) -> None:
    """Raises OSError where nobody listens, or not to us; the SDK would leave a socket open then."""
    if host.startswith("unix://"):
        with socket.socket(socket.AF_UNIX) as door:
            door.settimeout(answer_s)
            door.connect("/" + host.removeprefix("unix://").lstrip("/"))


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:300]
