"""Fills a dictionary with keys that all have the same hash: quadratic time in the
innermost loop of Python."""
# kind: call
# class: resource-exhaustion
# may: TIMEOUT


def solve(n):
    return len({k * (2**61 - 1): 0 for k in range(100_000)})
