"""Sends SIGSTOP to its parent and to pid 1: the worker neither answers nor dies."""
# kind: call
# class: kill-worker
# may: WRONG CRASH TIMEOUT
# danger: stops whatever process started it
import os
import signal
from contextlib import suppress


def solve(n):
    for pid in (os.getppid(), 1):
        with suppress(OSError):
            os.kill(pid, signal.SIGSTOP)
    return 0
