"""Returns a string whose `==` stores what it was compared with, and answers that at the next call."""
# kind: code
# class: forged-answer
# may: INVALID WRONG EXCEPTION

seen = []


class Spy(str):
    def __eq__(self, other):
        seen.append(other)
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def solve(n):
    return seen[-1] if seen else Spy("0")
