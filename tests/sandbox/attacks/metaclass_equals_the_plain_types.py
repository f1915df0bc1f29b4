"""A metaclass that hashes and compares like `str`: `type(answer) in PLAIN_TYPES` becomes true."""
# kind: call
# class: forged-answer
# may: INVALID WRONG EXCEPTION CRASH


class LooksLikeStr(type):
    def __hash__(cls):
        return hash(str)

    def __eq__(cls, other):
        return True

    def __instancecheck__(cls, instance):
        return True

    def __subclasscheck__(cls, subclass):
        return True


class Forger(metaclass=LooksLikeStr):
    __name__ = "str"

    def __eq__(self, other):
        return True

    def encode(self, *args):
        return b"PASS"


def solve(n):
    return Forger()
