"""Forks with CLONE_PARENT: the new process is the worker's own child, and its end looks
like the program's end."""
# kind: call
# class: daemon
# may: WRONG CRASH INVALID TIMEOUT
import ctypes
import os
import platform
import signal
import time
from contextlib import suppress

CLONE = {"x86_64": 56, "aarch64": 220}
CLONE_PARENT = 0x8000


def solve(n):
    with suppress(Exception):
        syscall = ctypes.PyDLL(None).syscall  # PyDLL keeps the interpreter's lock across the fork
        for status in (0, 1, 0):
            if syscall(CLONE[platform.machine()], CLONE_PARENT | signal.SIGCHLD, 0, 0, 0, 0) == 0:
                time.sleep(0.01)
                os._exit(status)
    time.sleep(0.1)
    return 0
