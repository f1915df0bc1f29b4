"""Lets numpy multiply large matrices in as many native threads as there are cores: CPU
time runs faster than clocks."""
# kind: call
# class: resource-exhaustion
# may: TIMEOUT WRONG MEMORY CRASH


def solve(n):
    try:
        import numpy
    except ImportError:
        return 0
    matrix = numpy.ones((1_000, 1_000))
    while True:
        matrix @ matrix
