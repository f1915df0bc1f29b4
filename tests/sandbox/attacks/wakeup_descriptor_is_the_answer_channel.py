"""Makes the interpreter write a byte per signal into the highest open descriptor:
corrupts the answer from C code."""
# kind: call
# class: descriptors
# may: WRONG CRASH INVALID
import os
import signal
from contextlib import suppress


def solve(n):
    signal.signal(signal.SIGALRM, lambda *ignored: None)
    for descriptor in range(255, 2, -1):
        with suppress(OSError, ValueError):
            os.set_blocking(descriptor, False)
            signal.set_wakeup_fd(descriptor, warn_on_full_buffer=False)
            break
    signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
    return ["0"] * 30_000
