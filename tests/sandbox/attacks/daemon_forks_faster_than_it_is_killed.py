"""Leaves a process that forks a successor and dies, over and over: whoever kills by
process id is always late."""
# kind: call
# class: daemon
# may: WRONG TIMEOUT
import os
import time
from contextlib import suppress


def solve(n):
    with suppress(OSError):
        if os.fork() == 0:
            deadline = time.monotonic() + 10
            while time.monotonic() < deadline:
                with suppress(OSError):
                    if os.fork():
                        os._exit(0)
                    os.setsid()
            os._exit(0)
    return 0
