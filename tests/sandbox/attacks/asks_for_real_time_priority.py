"""Asks for real-time scheduling and the best nice value, then spins: the judge itself may not get a turn."""
# kind: call
# class: clock
# may: TIMEOUT
# danger: may freeze one core for the length of the limit
import os
from contextlib import suppress


def solve(n):
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, -20)
    for policy in (os.SCHED_FIFO, os.SCHED_RR):
        with suppress(OSError):
            os.sched_setscheduler(0, policy, os.sched_param(99))
    while True:
        pass
