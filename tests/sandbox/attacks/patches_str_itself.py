"""Writes into the type `str` through its hidden dictionary: `==`, encode and join of
every real string now lie."""
# kind: call
# class: poison
# may: WRONG CRASH EXCEPTION INVALID TIMEOUT
import ctypes
import gc
from contextlib import suppress


def solve(n):
    with suppress(Exception):
        for kind in (str, int, list, dict, bytes):
            inside = gc.get_referents(kind.__dict__)[0]
            inside["__eq__"] = lambda self, other: True
            inside["encode"] = lambda self, *args: b"PASS"
            inside["join"] = lambda self, parts: self
            ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))
    return "0"
