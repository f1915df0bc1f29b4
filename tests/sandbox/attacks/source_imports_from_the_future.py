"""Starts with a future import: breaks judges that put code of their own in front, and
must not change the worker's."""
# kind: call
# class: compile-bomb
# may: WRONG
from __future__ import annotations


def solve(n: undefined_name) -> another_one:  # noqa: F821
    return 0
