"""Reads the memory next to a fresh object, hoping that earlier strings (answers, other
inputs) were freed there."""
# kind: call
# class: snooping
# may: WRONG CRASH
import ctypes
import re


def solve(n):
    try:
        page = id(object()) & ~0xFFFF
        found = re.search(rb"SPARRING_TOKEN_[\w-]+", ctypes.string_at(page, 0x4000))
        return found[0].decode() if found else 0
    except Exception:
        return 0
