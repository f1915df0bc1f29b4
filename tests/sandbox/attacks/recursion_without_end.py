"""Calls itself for ever under the usual recursion limit."""
# kind: call
# class: recursion
# may: EXCEPTION


def solve(n):
    return solve(n + 1)
