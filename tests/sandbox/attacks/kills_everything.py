"""Sends SIGKILL to every process it may signal, with kill(-1)."""
# kind: call
# class: kill-worker
# may: WRONG CRASH
# danger: kills every process of the user where signals are not confined
import os
import signal
from contextlib import suppress


def solve(n):
    with suppress(OSError):
        os.kill(-1, signal.SIGKILL)
    return 0
