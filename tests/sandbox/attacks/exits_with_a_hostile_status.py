"""Raises SystemExit with a huge number, a text and an object as status, to upset
whoever stores it as an integer."""
# kind: call
# class: exit
# may: EXCEPTION CRASH


class Status(int):
    def __str__(self):
        raise SystemExit(self)

    __repr__ = __index__ = __str__


def solve(n):
    raise SystemExit(Status(2**70))
