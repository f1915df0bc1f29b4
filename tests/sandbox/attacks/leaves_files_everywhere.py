"""Leaves a mark in every folder that can be written, and reports any mark that an earlier run left."""
# kind: call
# class: poison
# may: WRONG
# danger: leaves small files named poison
import os
import tempfile
from contextlib import suppress
from pathlib import Path

FOLDERS = (
    ".",
    "/tmp",
    "/var/tmp",
    "/dev/shm",
    "/run",
    "/run/lock",
    "/home",
    "/root",
    "/mnt",
    "/opt",
    "/srv",
    "/",
)


def solve(n):
    folders = {*FOLDERS, os.environ.get("HOME", "."), tempfile.gettempdir()}
    marks = [Path(folder, "poison") for folder in folders]
    seen = []
    for mark in marks:
        with suppress(OSError):
            seen += [str(mark)] if mark.exists() else []
    for mark in marks:
        with suppress(OSError):
            mark.write_text("left by an earlier run")
    return f"SPARRING_LEAK marks of an earlier run: {seen}" if seen else 0
