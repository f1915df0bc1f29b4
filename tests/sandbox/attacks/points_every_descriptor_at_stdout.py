"""Duplicates stdout over every other descriptor: the worker's answer and commands
appear as program output."""
# kind: call
# class: descriptors
# may: CRASH WRONG INVALID
import os
from contextlib import suppress


def solve(n):
    for descriptor in range(3, 256):
        with suppress(OSError):
            os.fstat(descriptor)
            os.dup2(1, descriptor)
    return 0
