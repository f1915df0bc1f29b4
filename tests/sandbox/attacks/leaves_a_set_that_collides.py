"""Leaves the text of a set of 30,000 colliding keys, padded with harmless ones: it is
the judge who builds the set."""
# kind: call
# class: forged-answer
# may: WRONG INVALID CRASH
import os
from contextlib import suppress

# As sandbox/inside/child.py leaves it: "c" (it compiled), then one letter for the kind of answer.
MODULUS = 2**61 - 1  # hash(k * MODULUS) is 0 for every k


def solve(n):
    keys = [k * MODULUS for k in range(1, 30_000)] + list(range(31_000))
    said = b'cv{"s":[' + b",".join(b"%d" % key for key in keys) + b"]}"
    for descriptor in range(3, 256):
        with suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, said, 0)
    os._exit(0)
