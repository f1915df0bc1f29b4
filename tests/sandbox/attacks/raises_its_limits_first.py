"""Raises every resource limit it can, in itself and through prlimit, and then takes memory."""
# kind: call
# class: resource-exhaustion
# may: MEMORY CRASH
# danger: takes 1 GB where memory is not limited
import os
import resource
from contextlib import suppress


def solve(n):
    names = [name for name in dir(resource) if name.startswith("RLIMIT_")]
    for name in names:
        for pid in (0, os.getpid(), os.getppid()):
            for ceiling in (resource.RLIM_INFINITY, 2**40):
                with suppress(OSError, ValueError):
                    resource.prlimit(pid, getattr(resource, name), (ceiling, ceiling))
    return len([bytearray(b"\1" * 10_000_000) for _ in range(100)])
