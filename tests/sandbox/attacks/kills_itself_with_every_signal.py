"""Sends itself each signal in turn, real-time ones included, until one is the end of it."""
# kind: call
# class: exit
# may: CRASH TIMEOUT EXCEPTION
import os
import signal
from contextlib import suppress

STOPPING = {signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU}


def solve(n):
    for number in signal.valid_signals() - STOPPING:
        with suppress(OSError, ValueError):
            os.kill(os.getpid(), number)
    return 0
