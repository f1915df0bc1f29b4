"""Writes half a gigabyte into a file that lives only in memory (memfd), which is not
part of the address space."""
# kind: call
# class: memory-bomb
# may: MEMORY CRASH WRONG TIMEOUT
# danger: takes 512 MB where such files are not counted
import os
from contextlib import suppress


def solve(n):
    block = b"\1" * 1_048_576
    with suppress(OSError):
        handle = os.memfd_create("poison")
        for _ in range(512):
            os.write(handle, block)
    return 0
