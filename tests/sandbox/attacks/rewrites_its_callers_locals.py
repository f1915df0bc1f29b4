"""Changes the local variables of its callers from C: 'failure' becomes None and every
other name becomes 'PASS'."""
# kind: call
# class: poison
# may: WRONG CRASH EXCEPTION INVALID
import ctypes
import sys
from contextlib import suppress


def solve(n):
    frame = sys._getframe(1)
    while frame is not None:
        with suppress(Exception):
            scope = frame.f_locals
            for name in list(scope):
                if type(scope[name]) in (str, bytes, bool, type(None)):
                    scope[name] = None if name in ("failure", "error") else "PASS"
            ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(0))
        frame = frame.f_back
    return 0
