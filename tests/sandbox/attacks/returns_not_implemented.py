"""Returns NotImplemented, which is true in a condition and makes `==` ask the other side."""
# kind: call
# class: denominators
# may: INVALID


def solve(n):
    return NotImplemented
