"""Declares itself the reaper of its descendants and drops its death signal, then leaves
a tree of sleepers behind."""
# kind: call
# class: daemon
# may: WRONG
import ctypes
import os
import time
from contextlib import suppress


def solve(n):
    with suppress(Exception):
        libc = ctypes.CDLL(None)
        libc.prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
        libc.prctl(1, 0, 0, 0, 0)  # PR_SET_PDEATHSIG: none
    with suppress(OSError):
        if os.fork() == 0:
            for _ in range(3):
                os.fork()
            time.sleep(20)
            os._exit(0)
    return 0
