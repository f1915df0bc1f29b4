"""Reads descriptor 0 from offset 0 past the end of its own input, where other cases' inputs may lie."""
# kind: stdin
# class: snooping
# may: WRONG
import os
from contextlib import suppress

mine = input()
around = b""
with suppress(OSError):
    around += os.pread(0, 1_000_000, 0)
with suppress(OSError):
    around += os.read(os.open("/proc/self/fd/0", os.O_RDONLY | os.O_NONBLOCK), 1_000_000)
extra = around.replace(mine.encode(), b"").strip()
print("SPARRING_LEAK the input file holds more than my input:", extra) if extra else print(0)
