"""Asks malloc for blocks without clearing them and reads what their last owner, the
warm worker, left there."""
# kind: call
# class: snooping
# may: WRONG
import ctypes
import re

CANARY = re.compile(rb"SPARRING_(?:TOKEN_|CANARY_FILE|CANARY_ENV=)[\w-]+")


def solve(n):
    try:
        libc = ctypes.CDLL(None)
        libc.malloc.restype = ctypes.c_void_p
        for size in (64, 256, 1024, 4096, 16384, 65536):
            for _ in range(200):
                found = CANARY.search(ctypes.string_at(libc.malloc(size), size))
                if found:
                    return found[0].decode()
    except Exception:
        return 0
    return 0
