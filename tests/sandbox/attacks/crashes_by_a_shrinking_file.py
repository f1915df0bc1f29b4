"""Maps a file, cuts it short and reads on: dies of SIGBUS."""
# kind: call
# class: native-crash
# may: CRASH WRONG
import mmap
import os
from contextlib import suppress


def solve(n):
    with suppress(OSError):
        handle = os.memfd_create("poison")
        os.truncate(handle, 8_192)
        mapped = mmap.mmap(handle, 8_192)
        os.truncate(handle, 0)
        return mapped[4_096]
    return 0
