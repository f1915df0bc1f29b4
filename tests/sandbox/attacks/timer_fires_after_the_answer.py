"""Arms a one-millisecond interval timer with a handler that leaves with 0: it goes off
in the worker's answer code."""
# kind: call
# class: outlive
# may: WRONG CRASH
import os
import signal


def solve(n):
    signal.signal(signal.SIGALRM, lambda *ignored: os._exit(0))
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    return ["0"] * 50_000
