"""Attaches to its parent as a debugger (ptrace) and leaves it stopped."""
# kind: call
# class: trace-worker
# may: WRONG CRASH TIMEOUT
# danger: stops whatever process started it
import ctypes
import os
from contextlib import suppress

ATTACH, SEIZE = 16, 0x4206


def solve(n):
    with suppress(Exception):
        ptrace = ctypes.CDLL(None).ptrace
        ptrace.argtypes = [ctypes.c_long] * 4
        for pid in (os.getppid(), 1):
            for request in (ATTACH, SEIZE):
                ptrace(request, pid, 0, 0)
    return 0
