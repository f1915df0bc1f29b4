"""Sends SIGKILL to its own process group, in which a careless worker still is."""
# kind: call
# class: kill-worker
# may: CRASH
# danger: kills the process group that it was started in
import os
import signal


def solve(n):
    os.kill(0, signal.SIGKILL)
    return 0
