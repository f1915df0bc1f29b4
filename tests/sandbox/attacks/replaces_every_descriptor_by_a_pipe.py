"""Puts the ends of its own full pipe over every descriptor: whoever writes the answer blocks for ever."""
# kind: call
# class: descriptors
# may: CRASH WRONG TIMEOUT
import os
from contextlib import suppress


def solve(n):
    _, end = os.pipe()
    os.set_blocking(end, False)
    with suppress(BlockingIOError):
        while True:
            os.write(end, b"0" * 4096)
    os.set_blocking(end, True)
    for descriptor in range(3, 256):
        with suppress(OSError):
            if descriptor != end:
                os.fstat(descriptor)
                os.dup2(end, descriptor)
    return 0
