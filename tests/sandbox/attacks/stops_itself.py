"""Sends itself SIGSTOP: uses no CPU time, does not end, and waits for a signal that nobody sends."""
# kind: call
# class: stop
# may: TIMEOUT CRASH
import os
import signal


def solve(n):
    while True:
        os.kill(os.getpid(), signal.SIGSTOP)
