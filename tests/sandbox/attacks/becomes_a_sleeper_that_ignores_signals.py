"""Ignores every signal, then becomes another program, which inherits that: only SIGKILL ends it."""
# kind: call
# class: exit
# may: TIMEOUT CRASH WRONG
import os
import signal
from contextlib import suppress


def solve(n):
    for number in signal.valid_signals():
        with suppress(OSError, ValueError):
            signal.signal(number, signal.SIG_IGN)
    with suppress(OSError):
        os.execv("/bin/sh", ["sh", "-c", "while :; do sleep 1; done"])
    return 0
