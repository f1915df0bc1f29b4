"""Writes the beginning of a message to every descriptor and then sleeps: hangs a reader
without a deadline."""
# kind: call
# class: descriptors
# may: TIMEOUT CRASH INVALID
import os
import time
from contextlib import suppress


def solve(n):
    for descriptor in range(3, 256):
        with suppress(OSError):
            os.write(descriptor, b'\x00\x00\x00\x40{"val')
    time.sleep(60)
