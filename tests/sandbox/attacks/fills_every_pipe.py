"""Shrinks every inherited pipe and fills it to the brim without blocking: the worker's
next write would hang."""
# kind: call
# class: descriptors
# may: WRONG CRASH INVALID OUTPUT TIMEOUT
import fcntl
import os
import stat
from contextlib import suppress


def solve(n):
    for descriptor in range(256):
        with suppress(OSError):
            if stat.S_ISFIFO(os.fstat(descriptor).st_mode):
                with suppress(OSError):
                    fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, 4096)
                os.set_blocking(descriptor, False)
                for _ in range(100):
                    os.write(descriptor, b"0" * 512)
    return 0
