"""Leaves 'my source does not compile' as its answer, though it is running."""
# kind: call
# class: denominators
# may: SYNTAX EXCEPTION CRASH INVALID
import os
from contextlib import suppress

# As sandbox/inside/child.py leaves it: "c" (it compiled), then one letter for the kind of answer.
SAID = b's["invalid syntax", 1]'


def solve(n):
    for descriptor in range(3, 256):
        with suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, SAID, 0)
    os._exit(0)
