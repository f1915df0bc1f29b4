"""Ends itself with SIGTERM, the signal that supervisors use for 'stopped on request'."""
# kind: call
# class: exit
# may: CRASH
import os
import signal
import time


def solve(n):
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(0.1)
