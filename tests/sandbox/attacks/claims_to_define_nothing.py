"""Leaves 'there is no solve' as its answer, from inside solve."""
# kind: call
# class: denominators
# may: MISSING EXCEPTION CRASH INVALID
import os
from contextlib import suppress

# As sandbox/inside/child.py leaves it: "c" (it compiled), then one letter for the kind of answer.
SAID = b'cm"the program does not define solve"'


def solve(n):
    for descriptor in range(3, 256):
        with suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, SAID, 0)
    os._exit(0)
