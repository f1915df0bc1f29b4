"""Leaves a daemon with its own session, no descriptors, another name and directory:
nothing ties it to its origin."""
# kind: call
# class: daemon
# may: WRONG
import ctypes
import os
import time
from contextlib import suppress


def solve(n):
    with suppress(OSError):
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.chdir("/")
                os.closerange(0, 65_536)
                with suppress(Exception):
                    ctypes.CDLL(None).prctl(15, b"kworker/0:1", 0, 0, 0)
                time.sleep(20)
            os._exit(0)
    return 0
