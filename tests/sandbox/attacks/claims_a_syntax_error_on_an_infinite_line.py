"""Leaves a syntax error on line 1e999, a number that JSON allows and that no integer can hold."""
# kind: call
# class: forged-output
# may: SYNTAX EXCEPTION CRASH INVALID
import os
from contextlib import suppress

# As sandbox/inside/child.py leaves it: "c" (it compiled), then one letter for the kind of answer.
SAID = b's["invalid syntax", 1e999]'


def solve(n):
    for descriptor in range(3, 256):
        with suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, SAID, 0)
    os._exit(0)
