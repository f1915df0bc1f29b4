"""Leaves a detached daemon that writes forged answers to every descriptor half a second later."""
# kind: call
# class: daemon
# may: WRONG CRASH INVALID
import os
import time
from contextlib import suppress


def solve(n):
    with suppress(OSError):
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                for _ in range(100):
                    time.sleep(0.05)
                    for descriptor in range(1, 64):
                        with suppress(OSError):
                            os.write(descriptor, b"PASS poisoned by a daemon\n")
            os._exit(0)
    return 0
