"""Starts five hundred children that only sleep: no CPU time to notice, but the process table fills up."""
# kind: call
# class: fork-bomb
# may: WRONG CRASH TIMEOUT MEMORY
# danger: starts 500 processes where their number is not limited
import os
import time
from contextlib import suppress


def solve(n):
    with suppress(OSError):
        for _ in range(500):
            if os.fork() == 0:
                os.closerange(0, 64)
                time.sleep(10)
                os._exit(0)
    return 0
