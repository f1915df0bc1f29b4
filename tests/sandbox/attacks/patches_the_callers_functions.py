"""Replaces every function in its callers' modules by one that returns True, the answer writer among them."""
# kind: call
# class: poison
# may: WRONG CRASH EXCEPTION INVALID TIMEOUT
import sys
import types


def solve(n):
    frame = sys._getframe(1)
    while frame is not None:
        scope = frame.f_globals
        for name, value in list(scope.items()):
            if isinstance(value, types.FunctionType) and scope is not globals():
                scope[name] = lambda *args, **kwargs: True
        frame = frame.f_back
    return 0
