"""Blocks a real-time signal and queues it to itself until no more fit: the quota is
shared by the whole user."""
# kind: call
# class: resource-exhaustion
# may: WRONG
import os
import signal
from contextlib import suppress


def solve(n):
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGRTMIN + 5})
    with suppress(OSError):
        for _ in range(200_000):
            os.kill(os.getpid(), signal.SIGRTMIN + 5)
    return 0
