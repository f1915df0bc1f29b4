"""Makes thousands of folders with names of 250 bytes: fills the file system with its own book-keeping."""
# kind: call
# class: disk-bomb
# may: WRONG OUTPUT CRASH MEMORY TIMEOUT
# danger: makes 20,000 folders where their number is not limited
import os
from contextlib import suppress


def solve(n):
    with suppress(OSError):
        for index in range(20_000):
            os.mkdir(f"/tmp/{index:0>250}")  # noqa: PTH102
    return 0
