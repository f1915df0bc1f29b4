"""Raises AssertionError inside `solve`: looks like the grader's own failed assertion,
or is swallowed with it."""
# kind: code
# class: denominators
# may: EXCEPTION WRONG


def solve(n):
    raise AssertionError("the test is wrong: expected value does not match the statement")
