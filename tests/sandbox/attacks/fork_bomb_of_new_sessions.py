"""Each process starts a session and a group of its own: killing a process group catches
exactly one of them."""
# kind: call
# class: fork-bomb
# may: WRONG TIMEOUT CRASH MEMORY
# danger: starts 1024 processes where their number is not limited
import os
import time
from contextlib import suppress


def solve(n):
    me = os.getpid()
    for _ in range(10):
        with suppress(OSError):
            if os.fork() == 0:
                os.setsid()
    if os.getpid() != me:
        time.sleep(10)
        os._exit(0)
    return 0
