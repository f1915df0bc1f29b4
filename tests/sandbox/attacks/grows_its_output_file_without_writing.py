"""Makes the stdout file one terabyte long without writing a byte: a reader that trusts
the size runs out of memory."""
# kind: stdin
# class: descriptors
# may: WRONG OUTPUT CRASH
import os
from contextlib import suppress

print(0, flush=True)
for size in (2**40, 2**33, 2**30, 2**27):
    for descriptor in (1, 2):
        with suppress(OSError):
            os.ftruncate(descriptor, size)
