"""Leaves four detached daemons that burn CPU for twenty seconds: the next program would time out."""
# kind: call
# class: daemon
# may: WRONG TIMEOUT
import os
import time
from contextlib import suppress


def solve(n):
    for _ in range(4):
        with suppress(OSError):
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    deadline = time.monotonic() + 20
                    while time.monotonic() < deadline:
                        pass
                os._exit(0)
    return 0
