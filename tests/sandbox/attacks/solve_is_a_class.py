"""Makes the entry point a class, so that calling it builds an object of its own type and returns that."""
# kind: call
# class: forged-answer
# may: INVALID WRONG


class solve(str):
    def __new__(cls, n):
        return super().__new__(cls, "0")

    def __eq__(self, other):
        return True

    __hash__ = str.__hash__
