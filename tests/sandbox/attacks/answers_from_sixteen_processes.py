"""Doubles itself four times inside the call: sixteen interleaved answers, one of which
is meant for the next case."""
# kind: call
# class: forged-output
# may: WRONG CRASH INVALID TIMEOUT
import os
import time
from contextlib import suppress


def solve(n):
    with suppress(OSError):
        for _ in range(4):
            os.fork()
    time.sleep(os.getpid() % 5 / 50)
    return os.getpid()
