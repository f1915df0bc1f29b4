"""Raises an exception outside the Exception tree, whose class also claims that it is a
SystemExit of status 0."""
# kind: call
# class: exit
# may: EXCEPTION CRASH


class Sly(BaseException):
    """Neither an Exception nor a SystemExit, but it has a status."""

    code = 0
    __class__ = SystemExit


def solve(n):
    raise Sly
