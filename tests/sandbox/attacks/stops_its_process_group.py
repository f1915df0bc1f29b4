"""Sends SIGSTOP to its whole process group, in which a careless worker still is."""
# kind: call
# class: stop
# may: TIMEOUT CRASH
# danger: stops the process group that it was started in
import os
import signal


def solve(n):
    while True:
        os.kill(0, signal.SIGSTOP)
