"""Calls a function at an address where there is none."""
# kind: call
# class: native-crash
# may: CRASH
import ctypes


def solve(n):
    return ctypes.CFUNCTYPE(ctypes.c_int)(0xDEAD0000)()
