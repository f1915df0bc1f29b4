"""Blocks every signal at the level of the process mask, below Python's handlers, and spins."""
# kind: call
# class: signals
# may: TIMEOUT
import signal


def solve(n):
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    while True:
        pass
