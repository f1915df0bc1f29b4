"""Kills pid 1, which in its own PID namespace is the worker or the sandbox's init."""
# kind: call
# class: kill-worker
# may: WRONG CRASH
# danger: kills pid 1 of a machine or container without a PID namespace
import os
import signal
from contextlib import suppress


def solve(n):
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGSEGV, signal.SIGUSR1):
        with suppress(OSError):
            os.kill(1, number)
    return 0
