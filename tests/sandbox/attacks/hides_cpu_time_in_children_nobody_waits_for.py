"""Ignores SIGCHLD, so that the kernel adds its children's CPU time to nobody's: they burn it one after another."""
# kind: call
# class: clock
# may: TIMEOUT WRONG CRASH
import os
import signal
import time
from contextlib import suppress


def solve(n):
    with suppress(OSError):
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    end = time.monotonic() + 20
    while time.monotonic() < end:
        out, into = os.pipe()
        if os.fork() == 0:
            while time.process_time() < 0.03:
                pass
            os._exit(0)
        os.close(into)
        os.read(out, 1)
        os.close(out)
    return 0
