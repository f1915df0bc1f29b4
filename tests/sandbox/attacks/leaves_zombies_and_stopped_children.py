"""Leaves children that are dead but not buried, and children that are stopped: both
keep a place in the process table."""
# kind: call
# class: daemon
# may: WRONG
import os
import signal
import time
from contextlib import suppress


def solve(n):
    for index in range(20):
        with suppress(OSError):
            child = os.fork()
            if child == 0:
                time.sleep(10 * (index % 2))
                os._exit(0)
            if index % 2:
                os.kill(child, signal.SIGSTOP)
    return 0
