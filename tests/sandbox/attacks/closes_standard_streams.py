"""Closes stdin, stdout and stderr and opens other files in their place: later output
goes where it was not meant to."""
# kind: stdin
# class: descriptors
# may: WRONG EXCEPTION CRASH
import os
from contextlib import suppress

os.closerange(0, 3)
for path in ("/dev/zero", "/dev/full", "/dev/null"):
    with suppress(OSError):
        os.open(path, os.O_RDWR)
print(0)
