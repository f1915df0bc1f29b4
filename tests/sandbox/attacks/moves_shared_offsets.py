"""Seeks and truncates descriptors 0 to 255, whose offset and content may be shared with
the worker's own copies."""
# kind: stdin
# class: descriptors
# may: WRONG CRASH INVALID OUTPUT EXCEPTION
import os
from contextlib import suppress

print(0, flush=True)
for descriptor in range(256):
    with suppress(OSError):
        os.lseek(descriptor, 0, os.SEEK_END)
        os.ftruncate(descriptor, 0)
    with suppress(OSError):
        os.lseek(descriptor, 2**40, os.SEEK_SET)
