"""Reads the top of its own stack, where the variables a worker was started with stay
after os.environ is cleared."""
# kind: stdin
# class: environment
# may: WRONG
import ctypes
import re
from contextlib import suppress
from pathlib import Path

found = None
with suppress(Exception):
    for line in Path("/proc/self/maps").read_text().splitlines():
        if line.endswith("[stack]"):
            start, end = (int(side, 16) for side in line.split()[0].split("-"))
            top = ctypes.string_at(max(start, end - 300_000), min(300_000, end - start))
            found = re.search(rb"SPARRING_CANARY_ENV=[\w-]+", top)
print(found[0].decode() if found else 0)
