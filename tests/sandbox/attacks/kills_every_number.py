"""Sends SIGKILL to each process id and process group from 1 upwards, and needs no /proc for it."""
# kind: call
# class: kill-worker
# may: WRONG CRASH
# danger: kills every process of the user where signals are not confined
import os
import signal
from contextlib import suppress


def solve(n):
    mine = (os.getpid(), os.getpgrp())
    for pid in range(1, 70_000):
        if pid not in mine:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
            with suppress(OSError):
                os.killpg(pid, signal.SIGKILL)
    return 0
