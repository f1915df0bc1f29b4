"""Leaves with status 0 when a test calls `solve`, before the assertion is checked."""
# kind: code
# class: exit
# may: EXCEPTION CRASH WRONG


def solve(n):
    raise SystemExit(0)
