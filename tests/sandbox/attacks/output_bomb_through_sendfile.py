"""Lets the kernel copy endless zeros into stdout (sendfile): no byte passes through the program."""
# kind: stdin
# class: output-bomb
# may: OUTPUT TIMEOUT WRONG
import os
from contextlib import suppress

print(0, flush=True)
with suppress(OSError):
    source = os.open("/tmp/zeros", os.O_CREAT | os.O_RDWR)
    os.write(source, bytes(1_000_000))
    for _ in range(400):
        os.sendfile(1, source, 0, 1_000_000)
