"""Swaps the byte code of the callers' functions in place: patches even what was bound
before the program started."""
# kind: call
# class: poison
# may: WRONG CRASH EXCEPTION INVALID TIMEOUT
import gc
import types
from contextlib import suppress


def solve(n):
    forged = (lambda *args, **kwargs: b"PASS").__code__
    for thing in gc.get_objects():
        if type(thing) is types.FunctionType and thing.__module__ not in (__name__, "contextlib"):
            with suppress(Exception):
                thing.__code__ = forged
    return 0
