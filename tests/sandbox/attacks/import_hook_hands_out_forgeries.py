"""Installs an import hook: whatever the worker imports while it answers is a forged module."""
# kind: call
# class: builtins
# may: WRONG CRASH EXCEPTION INVALID
import builtins
import sys
import types


class Forged(types.ModuleType):
    def __getattr__(self, name):
        return lambda *args, **kwargs: b"PASS"


def solve(n):
    builtins.__import__ = lambda name, *rest, **more: Forged(name)
    for name in ("json", "struct", "pickle", "marshal", "traceback", "linecache", "resource", "signal"):
        sys.modules[name] = Forged(name)
    return 0
