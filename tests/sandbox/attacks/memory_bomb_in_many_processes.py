"""Twelve children take 100 MB each, all of them below a limit that is counted per process, and then sleep."""
# kind: call
# class: memory-bomb
# may: MEMORY CRASH WRONG TIMEOUT
# danger: takes 1.2 GB where memory is limited per process only
import os
import time
from contextlib import suppress


def solve(n):
    for _ in range(12):
        with suppress(OSError):
            if os.fork() == 0:
                with suppress(MemoryError):
                    held = bytearray(b"\1") * 100_000_000
                    time.sleep(3 + held[0])
                os._exit(0)
    time.sleep(0.5)
    return 0
