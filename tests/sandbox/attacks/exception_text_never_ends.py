"""Raises an exception whose text takes for ever to make: hangs whoever formats the error."""
# kind: call
# class: forged-answer
# may: EXCEPTION TIMEOUT


class Endless(Exception):
    """Its text is never ready."""

    def __str__(self):
        while True:
            pass

    __repr__ = __str__


def solve(n):
    raise Endless
