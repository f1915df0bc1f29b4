"""Writes frame headers that announce up to 2^64 - 1 bytes: a trusting reader allocates or waits for them."""
# kind: call
# class: descriptors
# may: WRONG CRASH INVALID OUTPUT
import os
import struct
from contextlib import suppress


def solve(n):
    sizes = (2**31 - 1, 2**31, 2**32 - 1, 2**40, 2**63, 2**64 - 1)
    headers = b"".join(struct.pack(">Q", size) + struct.pack("<Q", size) for size in sizes)
    for descriptor in range(3, 256):
        with suppress(OSError):
            os.write(descriptor, headers + b"-1\n" + b"9" * 5_000 + b":")
    return 0
