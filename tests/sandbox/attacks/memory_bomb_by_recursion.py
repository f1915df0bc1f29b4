"""Recurses with a megabyte of local variables in each call."""
# kind: call
# class: memory-bomb
# may: MEMORY CRASH EXCEPTION
# danger: takes 900 MB where memory is not limited


def descend(depth):
    held = bytearray(b"\1") * 1_000_000
    return descend(depth + 1) + held[0]


def solve(n):
    return descend(0)
