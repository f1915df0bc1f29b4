"""Allows itself core files of any size, fills some memory and aborts: the dump is
written by the kernel, for it."""
# kind: call
# class: disk-bomb
# may: CRASH
import os
import resource
from contextlib import suppress


def solve(n):
    with suppress(OSError, ValueError):
        _, hard = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
    held = bytearray(b"\1") * 40_000_000
    os.abort()
    return held
