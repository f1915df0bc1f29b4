"""Ends the program with status 0 before `solve` exists, and before any test that was appended to the file."""
# kind: call
# class: exit
# may: EXCEPTION CRASH MISSING

raise SystemExit(0)


def solve(n):
    return 0
