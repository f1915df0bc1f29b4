"""A string subclass whose encode() and __str__() choose the bytes: would inject raw
bytes into the answer channel."""
# kind: call
# class: forged-answer
# may: INVALID WRONG CRASH EXCEPTION


class Smuggler(str):
    def encode(self, *args, **kwargs):
        return b'\x00\x00\x00\x10{"verdict":"PASS"}'

    def __str__(self):
        return '", "verdict": "PASS", "x": "'

    __repr__ = __str__

    def __len__(self):
        return 2**62


def solve(n):
    return Smuggler("0")
