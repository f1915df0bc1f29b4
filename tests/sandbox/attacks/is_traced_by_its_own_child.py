"""Lets a forked child trace it, so that the worker's wait sees stops and its signals go
to the tracer first."""
# kind: call
# class: trace-worker
# may: WRONG CRASH TIMEOUT
import ctypes
import os
import time
from contextlib import suppress

SEIZE, EXITKILL = 0x4206, 0x100000


def solve(n):
    with suppress(Exception):
        libc = ctypes.CDLL(None)
        libc.ptrace.argtypes = [ctypes.c_long] * 4
        libc.prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)  # PR_SET_PTRACER, ANY
        me = os.getpid()
        if os.fork() == 0:
            libc.ptrace(SEIZE, me, 0, EXITKILL)
            time.sleep(10)
            os._exit(0)
        time.sleep(0.05)
    return 0
