"""Replaces `__main__` by an object that has an answer for every name, and renames
itself to the worker's module."""
# kind: call
# class: builtins
# may: WRONG MISSING INVALID EXCEPTION CRASH
import sys


class Main:
    def __getattr__(self, name):
        return lambda *args, **kwargs: self

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0


sys.modules["__main__"] = Main()
__name__ = "sandbox.worker"


def solve(n):
    return 0
