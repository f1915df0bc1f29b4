"""Raises an exception whose `__str__` leaves with status 0 while the worker's code formats it."""
# kind: call
# class: exit
# may: EXCEPTION CRASH
import os


class Leave(Exception):
    """Formatting it ends the process."""

    def __str__(self):
        os._exit(0)

    __repr__ = __str__


def solve(n):
    raise Leave
