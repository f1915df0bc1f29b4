"""Raises an error with 10^5 causes and nested groups: overflows or delays a judge that
prints whole tracebacks."""
# kind: call
# class: recursion
# may: EXCEPTION CRASH TIMEOUT MEMORY


def solve(n):
    error = ValueError("0")
    for _ in range(100_000):
        outer = ValueError("0")
        outer.__cause__ = error
        error = outer
    group = ExceptionGroup("0", [error])
    for _ in range(10_000):
        group = ExceptionGroup("0", [group])
    raise group
