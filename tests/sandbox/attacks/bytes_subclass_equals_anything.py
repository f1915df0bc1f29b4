"""A bytes subclass that equals everything and decodes to a forged verdict."""
# kind: call
# class: forged-answer
# may: INVALID WRONG


class Raw(bytes):
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0

    def decode(self, *args):
        return "PASS"

    def __buffer__(self, flags):
        return memoryview(b"PASS")


def solve(n):
    return Raw(b"0")
