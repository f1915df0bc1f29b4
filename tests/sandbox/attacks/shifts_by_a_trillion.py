"""Shifts one by 2^40 places: a number that would fill 128 GB."""
# kind: call
# class: huge-integer
# may: MEMORY EXCEPTION CRASH
# danger: may take all memory on a machine that always grants requests


def solve(n):
    return (1 << 2**40) & 1
