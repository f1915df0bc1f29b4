"""Sets O_ASYNC with the parent as owner: every byte on a shared descriptor would send
the worker a deadly SIGIO."""
# kind: call
# class: descriptors
# may: WRONG CRASH
import fcntl
import os
from contextlib import suppress


def solve(n):
    for descriptor in range(256):
        with suppress(OSError):
            fcntl.fcntl(descriptor, fcntl.F_SETOWN, os.getppid())
            flags = fcntl.fcntl(descriptor, fcntl.F_GETFL)
            fcntl.fcntl(descriptor, fcntl.F_SETFL, flags | os.O_ASYNC)
    return 0
