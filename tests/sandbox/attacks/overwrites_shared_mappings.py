"""Overwrites every shared, writable memory mapping that the fork left it: the worker sees the same bytes."""
# kind: call
# class: poison
# may: WRONG CRASH
import ctypes
from contextlib import suppress
from pathlib import Path


def solve(n):
    with suppress(Exception):
        for line in Path("/proc/self/maps").read_text().splitlines():
            span, rights, *_ = line.split()
            if rights.startswith("rw") and rights.endswith("s"):
                start, end = (int(side, 16) for side in span.split("-"))
                ctypes.memset(start, 0x41, min(end - start, 1_000_000))
    return 0
