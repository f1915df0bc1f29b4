"""Copies the worker's descriptors into itself with pidfd_getfd, then reads and writes its command channel."""
# kind: call
# class: trace-worker
# may: WRONG CRASH INVALID
# danger: writes into the pipes of whatever process started it
import ctypes
import os
from contextlib import suppress

PIDFD_GETFD = 438


def solve(n):
    with suppress(Exception):
        libc = ctypes.CDLL(None)
        for pid in (os.getppid(), 1):
            handle = os.pidfd_open(pid)
            for descriptor in range(64):
                stolen = libc.syscall(PIDFD_GETFD, handle, descriptor, 0)
                if stolen >= 0:
                    os.set_blocking(stolen, False)
                    with suppress(OSError):
                        os.write(stolen, b'{"verdict": "PASS", "failure": null}\n')
    return 0
