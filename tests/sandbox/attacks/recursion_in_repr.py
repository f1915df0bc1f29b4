"""Builds a list nested 10^5 deep and asks for its repr with the limit lifted: overflows the C stack."""
# kind: call
# class: recursion
# may: CRASH EXCEPTION WRONG TIMEOUT
import sys


def solve(n):
    sys.setrecursionlimit(10_000_000)
    deep = []
    for _ in range(100_000):
        deep = [deep]
    return len(repr(deep))
