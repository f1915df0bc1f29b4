"""Empties sys.modules and sys.path: every import afterwards starts anew, or fails."""
# kind: call
# class: builtins
# may: WRONG CRASH EXCEPTION INVALID
import sys


def solve(n):
    modules, path = sys.modules, sys.path
    path.clear()
    sys.meta_path.clear()
    sys.path_hooks.clear()
    modules.clear()
    return 0
