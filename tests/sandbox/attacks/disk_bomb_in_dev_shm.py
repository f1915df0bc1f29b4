"""Fills /dev/shm, which is memory that looks like a disk and is often left out of both limits."""
# kind: call
# class: disk-bomb
# may: WRONG OUTPUT CRASH MEMORY TIMEOUT
# danger: writes 400 MB into memory where /dev/shm is not limited
from contextlib import suppress
from pathlib import Path


def solve(n):
    for folder in ("/dev/shm", "/dev/mqueue", "/run", "/dev"):
        with suppress(OSError), Path(folder, "poison").open("wb", buffering=0) as file:
            for _ in range(400):
                file.write(b"\1" * 1_048_576)
    return 0
