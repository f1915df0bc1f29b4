"""Writes into descriptor 0: a reused input file would carry the text into the next case."""
# kind: stdin
# class: descriptors
# may: WRONG
import os
from contextlib import suppress

for path in ("/proc/self/fd/0", "/dev/stdin"):
    with suppress(OSError):
        os.write(os.open(path, os.O_WRONLY | os.O_NONBLOCK), b"999\n" * 100)
with suppress(OSError):
    os.write(0, b"999\n" * 100)
print(0)
