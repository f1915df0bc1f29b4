"""Leaves a failure report of 400,000 open brackets, too deep for a parser that recurses."""
# kind: call
# class: forged-output
# may: EXCEPTION CRASH INVALID
import os
from contextlib import suppress

# As sandbox/inside/child.py leaves it: "c" (it compiled), then one letter for the kind of answer.
SAID = b"ce" + b"[" * 400_000


def solve(n):
    for descriptor in range(3, 256):
        with suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, SAID, 0)
    os._exit(0)
