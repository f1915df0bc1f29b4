"""Takes away its own right to write files, open descriptors, fork or map memory, and
then returns its answer."""
# kind: call
# class: resource-exhaustion
# may: WRONG CRASH EXCEPTION INVALID MEMORY
import resource
from contextlib import suppress


def solve(n):
    for name in ("FSIZE", "NOFILE", "NPROC", "STACK", "DATA", "AS"):
        with suppress(OSError, ValueError):
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (0, 0))
    return ["0"] * 100_000
