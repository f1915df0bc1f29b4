"""Kills the process that started it: the worker dies, and with it the verdict."""
# kind: call
# class: kill-worker
# may: WRONG CRASH
# danger: kills whatever process started it
import os
import signal
from contextlib import suppress


def solve(n):
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGSEGV, signal.SIGKILL):
        with suppress(OSError):
            os.kill(os.getppid(), number)
    return 0
