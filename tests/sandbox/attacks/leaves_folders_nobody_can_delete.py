"""Leaves folders without permissions, names that are no text, names of 255 bytes, and a
running process inside."""
# kind: call
# class: filesystem
# may: WRONG
import os
import time
from contextlib import suppress
from pathlib import Path


def solve(n):
    for top in (b"/tmp", b"."):
        for name in (b"\xff\xfe\x80", b"new\nline", b"-rf", b"x" * 255, b" ", b"\x1b[2J", "\u202e".encode()):
            with suppress(OSError):
                os.makedirs(os.path.join(top, name, b"inside"))  # noqa: PTH103, PTH118
                os.chmod(os.path.join(top, name), 0)  # noqa: PTH101, PTH118
    with suppress(OSError):
        if os.fork() == 0:
            Path("/tmp/occupied").mkdir(exist_ok=True)
            os.chdir("/tmp/occupied")
            time.sleep(20)
            os._exit(0)
    return 0
