"""Switches off its 'dumpable' flag, so that a monitor can no longer read its /proc entries, then spins."""
# kind: call
# class: trace-worker
# may: TIMEOUT
import ctypes
from contextlib import suppress


def solve(n):
    with suppress(Exception):
        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
    while True:
        pass
