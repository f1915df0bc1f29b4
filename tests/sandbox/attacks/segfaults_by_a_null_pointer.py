"""Reads the memory at address zero through ctypes."""
# kind: call
# class: native-crash
# may: CRASH
import ctypes


def solve(n):
    return ctypes.string_at(0)
