"""Returns an empty numpy array: `all(got == expected)` of nothing is true, and `==` answers with an array."""
# kind: call
# class: forged-answer
# may: INVALID WRONG CRASH MEMORY


def solve(n):
    try:
        import numpy
    except ImportError:
        return 0
    return numpy.empty((0,), dtype=object)
