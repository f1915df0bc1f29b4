"""Every process forks, twelve times over: 4096 processes if nothing stops them."""
# kind: call
# class: fork-bomb
# may: WRONG CRASH TIMEOUT MEMORY
# danger: starts 4096 processes where their number is not limited
import os
import time
from contextlib import suppress


def solve(n):
    me = os.getpid()
    for _ in range(12):
        with suppress(OSError):
            os.fork()
    if os.getpid() != me:
        time.sleep(10)
        os._exit(0)
    return 0
