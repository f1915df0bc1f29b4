"""Leaves an answer of 900,000 digits, for the judge to convert in quadratic time."""
# kind: call
# class: forged-answer
# may: WRONG INVALID CRASH
import os
from contextlib import suppress

# As sandbox/inside/child.py leaves it: "c" (it compiled), then one letter for the kind of answer.
SAID = b"cv" + b"9" * 900_000


def solve(n):
    for descriptor in range(3, 256):
        with suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, SAID, 0)
    os._exit(0)
