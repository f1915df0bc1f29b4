"""Lifts the recursion limit and calls itself for ever: eats memory, or the C stack, until something gives."""
# kind: call
# class: recursion
# may: MEMORY CRASH TIMEOUT EXCEPTION
# danger: takes all memory where it is not limited
import sys


def solve(n):
    sys.setrecursionlimit(2**31 - 1)
    return solve(n + 1)
