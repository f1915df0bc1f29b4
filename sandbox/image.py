"""Builds the container image from the interpreter that is running, without any network.

Promises: the image holds this interpreter, its standard library, numpy if it is installed, the shared libraries
these need, the machine's time zones, and nothing else: no shell, no package manager, no tool. A build removes former
images of ours that have no name any more and that no container uses. Does not promise that two builds have one digest.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from sandbox.errors import SandboxFault
from sandbox.shells import shell
from sandbox.shells.docker import IMAGE, connect

_LEFT_OUT = {"test", "tests", "idlelib", "tkinter", "turtledemo", "ensurepip", "__pycache__"}
_LEFT_OUT |= {"site-packages", "dist-packages"}
_LABEL = "sparring.python"
"""Every image of ours has it: where the interpreter is."""
_NAMELESS_S = 600
"""A build has given its image a name long before that."""
_ALSO = ("/usr/lib/locale/C.utf8", "/usr/share/zoneinfo", "/etc/ld.so.cache")


def build(image: str = IMAGE) -> str:
    """Builds and tags the image; returns its digest."""
    client = connect(answer_s=600)  # an image takes its time
    buffer = io.BytesIO()
    write_root(buffer)
    return put(client, buffer.getvalue(), image)


def put(client: Any, root: bytes, image: str) -> str:
    """Makes the tar of a file system the image of that name, in place of the one that had it; returns its digest."""
    repository, tag = split_tag(image)
    former = client.images.list(name=f"{repository}:{tag}")
    changes = [f"LABEL {_LABEL}={shell.interpreter()}"]
    if shell.numpy_directory() is not None:
        changes.append(f"LABEL sparring.numpy={shell.NUMPY_INSIDE}")
    client.api.import_image_from_data(root, repository=repository, tag=tag, changes=changes)
    digest = str(client.images.get(image).id)
    _remove_former(client, {each.id for each in former})
    return digest


def _remove_former(client: Any, former: set[str]) -> None:
    """Removes our nameless images. The daemon keeps those that a container uses; who has one open and no container
    at that moment has to open another sandbox.

    One that is not `former` and very young may be another build's that is about to get its name.
    """
    for each in client.api.images(filters={"dangling": True, "label": _LABEL}):
        if each["Id"] in former or each["Created"] < time.time() - _NAMELESS_S:
            with suppress(Exception):  # in use, or another build was faster
                client.api.remove_image(each["Id"])


def split_tag(image: str) -> tuple[str, str]:
    """Repository and tag; a colon before the last slash is that of a registry's port."""
    path, slash, name = image.rpartition("/")
    name, _, tag = name.partition(":")
    return path + slash + name, tag or "latest"


def write_root(file: io.BytesIO) -> None:
    """Writes a tar of the image's file system."""
    interpreter = shell.interpreter()
    library = Path(os.__file__).resolve().parent
    numpy = shell.numpy_directory()
    folders = [library, *(sorted(numpy.glob("numpy*")) if numpy else [])]
    files = {interpreter, *_walk(folders)}
    files |= set(_shared_libraries(path for path in files if path == interpreter or ".so" in path.name))
    files |= {path for name in _ALSO for path in _below(Path(name))}
    with tarfile.open(fileobj=file, mode="w") as tar:
        for path in sorted(files):
            inside = path
            if numpy is not None and path.is_relative_to(numpy):
                inside = Path(shell.NUMPY_INSIDE, path.relative_to(numpy))
            tar.add(path.resolve(), arcname=str(inside), recursive=False)
        for name in ("tmp", "proc", "dev", "etc", "channel"):
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o1777 if name == "tmp" else 0o755
            tar.addfile(entry)


def _walk(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        for root, names, files in os.walk(folder):
            names[:] = [name for name in names if name not in _LEFT_OUT and not name.startswith("config-")]
            yield from (Path(root, name) for name in files if not name.endswith((".pyc", ".a", ".pyi")))


def _below(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir():
        yield from (each for each in path.rglob("*") if each.is_file())


def _shared_libraries(binaries: Iterable[Path]) -> Iterator[Path]:
    """What the dynamic linker would load for these, by the paths it would look under."""
    run = subprocess.run(["ldd", *map(str, binaries)], capture_output=True, text=True, check=False)
    if not run.stdout:
        raise SandboxFault(f"image: ldd told nothing of {sys.executable}: {run.stderr.strip()[:300]}")
    for found in sorted(set(re.findall(r"(/\S+) \(0x", run.stdout))):
        yield Path(os.path.normpath(found))
