"""Leaves System V shared memory, semaphores and queues under a fixed key, and reports
those of an earlier run."""
# kind: call
# class: poison
# may: WRONG
import ctypes
from contextlib import suppress

KEY, CREATE, ONLY_NEW = 0x5EED, 0o1000, 0o2000


def solve(n):
    with suppress(Exception):
        libc = ctypes.CDLL(None)
        found = (
            libc.shmget(KEY, 4096, 0o666) >= 0
            or libc.semget(KEY, 1, 0o666) >= 0
            or libc.msgget(KEY, 0o666) >= 0
        )
        libc.shmget(KEY, 4096, CREATE | ONLY_NEW | 0o666)
        libc.semget(KEY, 1, CREATE | 0o666)
        libc.msgget(KEY, CREATE | 0o666)
        if found:
            return "SPARRING_LEAK shared memory of an earlier run"
    return 0
