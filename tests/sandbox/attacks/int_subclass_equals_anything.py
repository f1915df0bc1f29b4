"""An integer subclass that equals, hashes and prints as whatever it meets."""
# kind: call
# class: forged-answer
# may: INVALID WRONG


class Any(int):
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __hash__(self):
        return 0

    def __repr__(self):
        return "PASS"

    __str__ = __repr__


def solve(n):
    return Any(0)
