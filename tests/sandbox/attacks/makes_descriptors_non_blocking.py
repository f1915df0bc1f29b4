"""Sets O_NONBLOCK on every descriptor: the flag is shared with the worker, whose reads
and writes then fail."""
# kind: call
# class: descriptors
# may: WRONG CRASH INVALID
import os
from contextlib import suppress


def solve(n):
    for descriptor in range(256):
        with suppress(OSError):
            os.set_blocking(descriptor, False)
    return ["0"] * 30_000
