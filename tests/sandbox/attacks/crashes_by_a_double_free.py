"""Frees the same block twice, so that the C library aborts with a message of its own on stderr."""
# kind: call
# class: native-crash
# may: CRASH WRONG
import ctypes


def solve(n):
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    block = ctypes.c_void_p(libc.malloc(5_000))
    libc.free(block)
    libc.free(block)
    libc.free(ctypes.c_void_p(block.value + 8))
    return 0
