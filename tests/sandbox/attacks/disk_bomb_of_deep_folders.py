"""Nests folders three thousand deep: longer than any path may be, and too deep for a
clean-up that recurses."""
# kind: call
# class: disk-bomb
# may: WRONG OUTPUT CRASH MEMORY TIMEOUT
import os
from contextlib import suppress


def solve(n):
    with suppress(OSError):
        os.chdir("/tmp")
        for _ in range(3_000):
            os.mkdir("d")  # noqa: PTH102
            os.chdir("d")
    return 0
