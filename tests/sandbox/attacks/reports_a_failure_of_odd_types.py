"""Leaves a failure report with lists and five thousand digits where texts and a line number belong."""
# kind: call
# class: forged-output
# may: EXCEPTION CRASH INVALID MEMORY
import os
from contextlib import suppress

# As sandbox/inside/child.py leaves it: "c" (it compiled), then one letter for the kind of answer.
SAID = b'ce[["MemoryError"], {"x": []}, "' + b"9" * 5_000 + b'"]'


def solve(n):
    for descriptor in range(3, 256):
        with suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, SAID, 0)
    os._exit(0)
