"""Applies an empty Landlock rule set to itself: nothing can be opened any more, not
even by an answer writer."""
# kind: call
# class: other
# may: WRONG CRASH EXCEPTION
import ctypes
import struct
from contextlib import suppress


def solve(n):
    with suppress(Exception):
        libc = ctypes.CDLL(None)
        rules = ctypes.create_string_buffer(struct.pack("Q", 0x1FFF))
        handle = libc.syscall(444, rules, ctypes.c_size_t(8), 0)
        libc.prctl(38, 1, 0, 0, 0)
        libc.syscall(446, handle, 0)
    return 0
