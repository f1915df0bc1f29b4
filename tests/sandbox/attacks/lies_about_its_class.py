"""Declares `__class__ = str`, so isinstance(answer, str) is true of an object that is no string."""
# kind: call
# class: forged-answer
# may: INVALID


class Impostor:
    __class__ = str

    def __eq__(self, other):
        return True

    def encode(self, *args):
        return b"PASS"

    def __str__(self):
        return "PASS"


def solve(n):
    return Impostor()
