"""Spawns a program whose stdin is a pipe that nobody opens: the parent waits inside the
kernel, between two lives."""
# kind: call
# class: stop
# may: TIMEOUT WRONG
import os
from contextlib import suppress


def solve(n):
    with suppress(OSError):
        os.mkfifo("/tmp/poison_fifo")
        opening = [(os.POSIX_SPAWN_OPEN, 0, "/tmp/poison_fifo", os.O_RDONLY, 0)]
        os.posix_spawn("/bin/true", ["true"], {}, file_actions=opening)
    return 0
