"""Uses 15 % more CPU time than it may, and spoils the first byte of its answer, by
which the judge tells that it was running."""
# kind: call
# class: clock
# may: TIMEOUT CRASH INVALID
import os
import time
from contextlib import suppress

# As sandbox/inside/child.py leaves it: "c" (it compiled), then one letter for the kind of answer.


def solve(n):
    while time.process_time() < 1.12:
        pass
    for descriptor in range(3, 256):
        with suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, b'?v"late"', 0)
    os._exit(0)
