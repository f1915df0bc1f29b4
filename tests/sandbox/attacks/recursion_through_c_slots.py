"""Recurses through the interpreter's C code (`__getattr__`, `__repr__`, sorting keys) without a limit."""
# kind: call
# class: recursion
# may: CRASH EXCEPTION MEMORY TIMEOUT
import sys


class Mirror:
    def __getattr__(self, name):
        return getattr(self, name)

    def __repr__(self):
        return repr([self])

    def __hash__(self):
        return hash((self,))


def solve(n):
    sys.setrecursionlimit(10_000_000)
    return len({Mirror()}) + len(repr(Mirror()))
