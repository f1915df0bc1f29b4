"""Defines a function whose name only looks like `solve` (its o is Cyrillic)."""
# kind: call
# class: compile-bomb
# may: MISSING


def sоlve(n):
    return 0
