"""Pickles and compares structures nested 10^5 deep with the limit lifted."""
# kind: call
# class: recursion
# may: CRASH EXCEPTION WRONG MEMORY
import pickle
import sys


def solve(n):
    sys.setrecursionlimit(10_000_000)
    left, right = (), ()
    for _ in range(100_000):
        left, right = (left,), (right,)
    return len(pickle.dumps(left)) * (left == right)
