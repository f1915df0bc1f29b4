"""Deletes `solve` once it was called: later cases would be 'missing' instead of wrong."""
# kind: call
# class: denominators
# may: WRONG MISSING


def solve(n):
    globals().pop("solve", None)
    return 0
