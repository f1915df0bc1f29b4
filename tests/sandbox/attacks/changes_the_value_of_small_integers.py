"""Overwrites the interpreter's cached 3, 4 and 5, so that descriptor numbers and lengths come out wrong."""
# kind: call
# class: poison
# may: WRONG CRASH EXCEPTION INVALID TIMEOUT
import ctypes
from contextlib import suppress


def solve(n):
    with suppress(Exception):
        for number in (3, 4, 5):
            ctypes.c_uint32.from_address(id(number) + 24).value = 1
    return 0
