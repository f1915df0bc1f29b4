"""Signals its parent through a pidfd: two newer system calls that older filter lists do not know."""
# kind: call
# class: kill-worker
# may: WRONG CRASH
# danger: kills whatever process started it
import os
import signal
from contextlib import suppress


def solve(n):
    for pid in (os.getppid(), 1):
        with suppress(OSError, AttributeError):
            signal.pidfd_send_signal(os.pidfd_open(pid), signal.SIGKILL)
    return 0
