"""A float whose difference from anything is zero: passes `abs(got - expected) < 1e-6`."""
# kind: call
# class: forged-answer
# may: INVALID WRONG


class Near(float):
    def __sub__(self, other):
        return Near(0.0)

    __rsub__ = __sub__

    def __abs__(self):
        return Near(0.0)

    def __eq__(self, other):
        return True

    __hash__ = float.__hash__


def solve(n):
    return Near(1.0)
