"""A list subclass that equals everything and whose iterator never agrees with its length."""
# kind: call
# class: forged-answer
# may: INVALID WRONG


class Liar(list):
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __len__(self):
        return 0

    def __iter__(self):
        return iter(["PASS"] * 3)


def solve(n):
    return Liar([0])
