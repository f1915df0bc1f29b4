"""Writes, rewinds and writes again: the file stays small while the bytes written grow without limit."""
# kind: stdin
# class: output-bomb
# may: TIMEOUT OUTPUT
import os
from contextlib import suppress

while True:
    os.write(1, b"x" * 100_000)
    with suppress(OSError):
        os.lseek(1, 0, os.SEEK_SET)
        os.ftruncate(1, 0)
