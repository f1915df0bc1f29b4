"""Reads its own memory as a file (/proc/self/mem), where ctypes has been removed, and
prints what it finds."""
# kind: stdin
# class: snooping
# may: WRONG
import os
import re
import time
from contextlib import suppress
from pathlib import Path

CANARY = re.compile(rb"SPARRING_(?:TOKEN_|CANARY_FILE|CANARY_ENV=)[\w-]+")
found = set()
deadline = time.perf_counter() + 0.6
with suppress(OSError):
    memory = os.open("/proc/self/mem", os.O_RDONLY)
    for line in Path("/proc/self/maps").read_text().splitlines():
        start, end = (int(side, 16) for side in line.split()[0].split("-"))
        while " rw" in line and start < end and time.perf_counter() < deadline:
            with suppress(OSError):
                found.update(CANARY.findall(os.pread(memory, min(1_000_000, end - start), start)))
            start += 1_000_000
print(b" ".join(sorted(found)).decode() or 0)
