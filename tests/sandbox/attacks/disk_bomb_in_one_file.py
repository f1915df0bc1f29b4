"""Writes 300 MB into one file in each folder that lets it."""
# kind: call
# class: disk-bomb
# may: WRONG OUTPUT CRASH MEMORY TIMEOUT
# danger: writes 300 MB a folder where disk space is not limited
from contextlib import suppress
from pathlib import Path


def solve(n):
    block = b"\1" * 1_048_576
    for folder in (".", "/tmp", "/var/tmp"):
        with suppress(OSError), Path(folder, "poison_big").open("wb", buffering=0) as file:
            for _ in range(300):
                file.write(block)
    return 0
