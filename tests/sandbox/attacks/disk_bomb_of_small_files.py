"""Makes a hundred thousand empty files: takes no space, but every inode and a slow clean-up."""
# kind: call
# class: disk-bomb
# may: WRONG OUTPUT CRASH MEMORY TIMEOUT
# danger: makes 100,000 files where their number is not limited
import os
from contextlib import suppress


def solve(n):
    for folder in ("/tmp", "."):
        with suppress(OSError):
            for index in range(100_000):
                os.close(os.open(f"{folder}/poison_{index}", os.O_CREAT | os.O_WRONLY))
    return 0
