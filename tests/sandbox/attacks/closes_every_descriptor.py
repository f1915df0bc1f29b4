"""Closes everything, the answer channel included, and then returns an answer that cannot travel."""
# kind: call
# class: descriptors
# may: CRASH WRONG
import os


def solve(n):
    os.closerange(0, 65_536)
    return 0
