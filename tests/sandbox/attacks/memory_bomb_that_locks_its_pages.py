"""Locks all of its memory into RAM (mlockall), so that the kernel cannot swap it, and grows."""
# kind: call
# class: memory-bomb
# may: MEMORY CRASH EXCEPTION
# danger: takes 1 GB, unswappable, where memory is not limited
import ctypes
from contextlib import suppress


def solve(n):
    with suppress(Exception):
        ctypes.CDLL(None).mlockall(3)
    return len([bytearray(b"\1" * 10_000_000) for _ in range(100)])
