"""Reads more input than there is, from stdin, from the terminal and from a pipe of its
own that stays empty."""
# kind: stdin
# class: stop
# may: TIMEOUT
import os
from contextlib import suppress

with suppress(EOFError, OSError):
    while True:
        input()
with suppress(OSError):
    os.read(os.open("/dev/tty", os.O_RDONLY), 1)
reader, writer = os.pipe()
os.read(reader, 1)
