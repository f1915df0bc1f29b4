"""Kills itself with SIGKILL, so that a judge may take it for the memory killer's or its own work."""
# kind: call
# class: exit
# may: CRASH
import os
import signal


def solve(n):
    os.kill(os.getpid(), signal.SIGKILL)
