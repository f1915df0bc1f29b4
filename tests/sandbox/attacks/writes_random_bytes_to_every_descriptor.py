"""Writes noise to every descriptor above 2: breaks the worker's protocol if the child
holds any of its channels."""
# kind: call
# class: descriptors
# may: WRONG CRASH INVALID
import os
import random
from contextlib import suppress


def solve(n):
    noise = random.Random(0).randbytes(512)
    for descriptor in range(3, 256):
        with suppress(OSError):
            os.write(descriptor, noise)
    return 0
