"""Ignores every signal that can be ignored and spins: only SIGKILL from outside ends it."""
# kind: call
# class: signals
# may: TIMEOUT
import signal
from contextlib import suppress


def solve(n):
    for number in signal.valid_signals():
        with suppress(OSError, ValueError):
            signal.signal(number, signal.SIG_IGN)
    while True:
        pass
