"""Checkpoints that are either complete or not there.

Promises: a checkpoint appears under its name in one move, after all of it is on the disk; one that a full
disk, an error or `kill -9` interrupted is never taken for one, and the older ones stay. Does not promise to
keep more than the newest few.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from agents.llm.guards import disk_errors

NAME = re.compile(r"step-(\d{6,})")


def write_checkpoint(root: Path, step: int, write: Callable[[Path], None], keep: int = 2) -> Path:
    """Lets `write` fill a folder for a step, then gives it its name and removes the oldest ones."""
    final = root / f"step-{step:06d}"
    with disk_errors(root):
        write_whole(final, write)
    for old in checkpoints(root)[:-keep]:
        shutil.rmtree(old, ignore_errors=True)
    return final


def write_whole(final: Path, write: Callable[[Path], None]) -> None:
    """Lets `write` fill a folder beside `final`, which takes its place once all of it is on the disk."""
    partial = final.with_name(f".{final.name}.partial")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        write(partial)
        _to_disk(partial)
        shutil.rmtree(final, ignore_errors=True)  # from an earlier life
        partial.rename(final)
        _sync(final.parent)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def checkpoints(root: Path) -> list[Path]:
    """The complete checkpoints of a run, oldest first."""
    if not root.is_dir():
        return []
    found = [(int(match[1]), path) for path in root.iterdir() if (match := NAME.fullmatch(path.name))]
    return [path for _, path in sorted(found)]


def _to_disk(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
