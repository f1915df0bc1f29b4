"""Finds the file its answer will be left in, writes an answer of its own there in several formats, and
leaves: nothing that the worker put there before is left."""
# kind: call
# class: forged-output
# may: WRONG CRASH INVALID
import os
from contextlib import suppress

# As sandbox/inside/child.py leaves it: "c" (it compiled), then one letter for the kind of answer.
FORGED = b'cv"PASS"'


def solve(n):
    for descriptor in range(3, 256):
        with suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, FORGED, 0)
    os._exit(0)
