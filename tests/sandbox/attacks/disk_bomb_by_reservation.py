"""Reserves half a gigabyte with one system call (fallocate): the space is gone without a single write."""
# kind: call
# class: disk-bomb
# may: WRONG OUTPUT CRASH MEMORY
# danger: reserves 512 MB where disk space is not limited
import os
from contextlib import suppress


def solve(n):
    for folder in (".", "/tmp", "/dev/shm"):
        with suppress(OSError):
            os.posix_fallocate(
                os.open(f"{folder}/poison_reserved", os.O_CREAT | os.O_RDWR), 0, 512 * 1_048_576
            )
    return 0
