"""Parses JSON text nested 10^5 deep with the limit lifted: overflows the C stack of the parser."""
# kind: call
# class: recursion
# may: CRASH EXCEPTION WRONG
import json
import sys


def solve(n):
    sys.setrecursionlimit(10_000_000)
    return len(json.loads("[" * 100_000 + "]" * 100_000))
