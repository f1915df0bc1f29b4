"""Opens files until none is left and returns so: answer code that needs one more descriptor fails."""
# kind: call
# class: resource-exhaustion
# may: WRONG CRASH EXCEPTION
import os
from contextlib import suppress

held = []


def solve(n):
    with suppress(OSError):
        while len(held) < 100_000:
            held.append(os.dup(2))
    return 0
