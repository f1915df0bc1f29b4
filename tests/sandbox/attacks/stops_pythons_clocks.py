"""Replaces every clock of the time module by a constant and spins: time limits measured
in the same process fail."""
# kind: call
# class: clock
# may: TIMEOUT
import time


def solve(n):
    for name in ("time", "monotonic", "perf_counter", "process_time", "thread_time"):
        setattr(time, name, lambda: 0.0)
        setattr(time, name + "_ns", lambda: 0)
    while True:
        pass
