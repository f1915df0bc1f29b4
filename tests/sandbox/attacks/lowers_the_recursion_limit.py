"""Returns a small nested answer with the recursion limit set so low that the worker's
own code cannot recurse."""
# kind: call
# class: builtins
# may: WRONG EXCEPTION INVALID CRASH
import sys
from contextlib import suppress


def solve(n):
    for limit in range(3, 200):
        with suppress(RecursionError):
            sys.setrecursionlimit(limit)
            break
    return [[[[[[0]]]]]]
