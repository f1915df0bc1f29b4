"""Leaves bytes and numbers whose content does not fit their type mark."""
# kind: call
# class: forged-answer
# may: WRONG INVALID CRASH
import os
from contextlib import suppress

# As sandbox/inside/child.py leaves it: "c" (it compiled), then one letter for the kind of answer.
SAID = b'cv[{"b":5},{"b":"\\u20ac"},{"i":[]},{"c":["0x1p99999","x"]}]'


def solve(n):
    for descriptor in range(3, 256):
        with suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, SAID, 0)
    os._exit(0)
