"""Ties its parent and every process it can see to one core with sched_setaffinity: all
later programs inherit that."""
# kind: call
# class: poison
# may: WRONG
# danger: ties processes of the same user to one core
import os
from contextlib import suppress


def solve(n):
    core = {min(os.sched_getaffinity(0))}
    for pid in {os.getppid(), 1}:
        with suppress(OSError):
            os.sched_setaffinity(pid, core)
    return 0
