"""Leaves an answer with type marks that do not exist here, and do in decoders that build any object."""
# kind: call
# class: forged-answer
# may: WRONG INVALID CRASH
import os
from contextlib import suppress

# As sandbox/inside/child.py leaves it: "c" (it compiled), then one letter for the kind of answer.
SAID = b'cv{"py/object":"os.system","z":1}'


def solve(n):
    for descriptor in range(3, 256):
        with suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, SAID, 0)
    os._exit(0)
