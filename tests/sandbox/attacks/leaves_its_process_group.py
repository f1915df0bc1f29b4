"""Moves to another process group and session before it spins: a time limit that kills a group misses it."""
# kind: call
# class: signals
# may: TIMEOUT CRASH
import os
from contextlib import suppress


def solve(n):
    with suppress(OSError):
        os.setpgid(0, os.getpgid(os.getppid()))
    with suppress(OSError):
        os.setsid()
    with suppress(OSError):
        if os.fork():
            while True:
                pass
        os.setsid()
    while True:
        pass
