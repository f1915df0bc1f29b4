"""Plays a lottery: half of its runs try to take the worker down, so that only lucky runs are counted."""
# kind: call
# class: denominators
# may: WRONG CRASH TIMEOUT
# danger: may kill whatever process started it
import os
import random
import signal
from contextlib import suppress


def solve(n):
    if random.SystemRandom().random() < 0.5:
        with suppress(OSError):
            os.kill(os.getppid(), signal.SIGKILL)
    return 0
