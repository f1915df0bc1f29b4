"""Leaves a daemon that ignores and blocks every signal it can: a polite SIGTERM or SIGHUP does not end it."""
# kind: call
# class: daemon
# may: WRONG
import os
import signal
import time
from contextlib import suppress


def solve(n):
    with suppress(OSError):
        if os.fork() == 0:
            os.setsid()
            for number in signal.valid_signals():
                with suppress(OSError, ValueError):
                    signal.signal(number, signal.SIG_IGN)
            signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
            if os.fork() == 0:
                time.sleep(20)
            os._exit(0)
    return 0
