"""Drops references to None that it does not hold, until the interpreter frees it and dies."""
# kind: call
# class: native-crash
# may: CRASH WRONG
import ctypes


def solve(n):
    ctypes.c_ssize_t.from_address(id(None)).value = 1
    held = [None] * 100
    held.clear()
    return 0
