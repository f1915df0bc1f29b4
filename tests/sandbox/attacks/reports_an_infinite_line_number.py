"""Leaves a failure report whose line number is Infinity, which no integer can hold:
breaks whoever converts it."""
# kind: call
# class: forged-output
# may: EXCEPTION CRASH INVALID
import os
from contextlib import suppress

# As sandbox/inside/child.py leaves it: "c" (it compiled), then one letter for the kind of answer.
SAID = b'ce["ValueError", "x", Infinity]'


def solve(n):
    for descriptor in range(3, 256):
        with suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, SAID, 0)
    os._exit(0)
