"""Enters the strictest system call mode: from now on it may only read, write and exit,
or it is killed at once."""
# kind: call
# class: other
# may: CRASH WRONG
import ctypes
from contextlib import suppress


def solve(n):
    with suppress(Exception):
        ctypes.CDLL(None).prctl(22, 1, 0, 0, 0)
    return 0
