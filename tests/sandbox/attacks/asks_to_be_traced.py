"""Calls PTRACE_TRACEME: every signal now stops it and makes its parent, the worker, its
unwilling debugger."""
# kind: call
# class: trace-worker
# may: TIMEOUT CRASH WRONG
import ctypes
import os
import signal
from contextlib import suppress


def solve(n):
    with suppress(Exception):
        ctypes.CDLL(None).ptrace(0, 0, 0, 0)
        os.kill(os.getpid(), signal.SIGUSR2)
    return 0
