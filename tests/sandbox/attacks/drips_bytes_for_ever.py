"""Writes one byte every 20 ms to every descriptor: keeps alive any time-out that
restarts whenever data arrives."""
# kind: call
# class: descriptors
# may: TIMEOUT CRASH INVALID
import os
import time
from contextlib import suppress


def solve(n):
    while True:
        for descriptor in range(1, 256):
            with suppress(OSError):
                os.write(descriptor, b" ")
        time.sleep(0.02)
