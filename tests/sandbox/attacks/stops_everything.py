"""Sends SIGSTOP to every process it may signal: nobody dies, and nobody goes on."""
# kind: call
# class: kill-worker
# may: WRONG CRASH TIMEOUT
# danger: stops every process of the user where signals are not confined
import os
import signal
from contextlib import suppress


def solve(n):
    with suppress(OSError):
        os.kill(-1, signal.SIGSTOP)
    return 0
