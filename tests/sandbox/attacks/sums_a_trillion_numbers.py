"""Sums range(10**12): one call into C that runs for hours."""
# kind: call
# class: resource-exhaustion
# may: TIMEOUT


def solve(n):
    return sum(range(10**12))
