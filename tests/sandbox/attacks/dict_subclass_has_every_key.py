"""A dictionary that has every key and holds equal values for all of them."""
# kind: call
# class: forged-answer
# may: INVALID WRONG


class Everything(dict):
    def __missing__(self, key):
        return self

    def __contains__(self, key):
        return True

    def __eq__(self, other):
        return True

    def get(self, key, default=None):
        return self

    def items(self):
        return [("verdict", "PASS")]


def solve(n):
    return Everything(verdict="PASS")
