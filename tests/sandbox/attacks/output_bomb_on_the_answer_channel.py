"""Writes without end to every descriptor above 2: the answer's own file or pipe may be
the one without a limit."""
# kind: call
# class: output-bomb
# may: OUTPUT TIMEOUT CRASH INVALID
import os
import stat
from contextlib import suppress


def solve(n):
    block = b"x" * 65_536
    while True:
        for descriptor in range(3, 256):
            with suppress(OSError):
                if stat.S_ISFIFO(os.fstat(descriptor).st_mode):
                    os.set_blocking(descriptor, False)
                os.write(descriptor, block)
