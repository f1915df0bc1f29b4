"""Raises an error whose text and class name cannot be encoded: the report of the failure fails."""
# kind: call
# class: codec
# may: EXCEPTION


class Bad(Exception):
    """Has a name that is no text."""


Bad.__qualname__ = "\udcff\x00"
Bad.__module__ = "\ud800"


def solve(n):
    raise Bad("\ud800\x00\x1b[2J\udcff")
