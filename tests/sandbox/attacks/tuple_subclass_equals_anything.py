"""A named tuple with a forged `==`: passes graders that convert tuples to lists after comparing."""
# kind: call
# class: forged-answer
# may: INVALID WRONG
from typing import NamedTuple


class Pair(NamedTuple):
    left: int
    right: int

    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False


def solve(n):
    return Pair(0, 0)
