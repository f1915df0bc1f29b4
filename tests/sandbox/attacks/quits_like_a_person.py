"""Calls quit(), the helper of the interactive prompt, which also closes standard input."""
# kind: call
# class: exit
# may: EXCEPTION CRASH


def solve(n):
    quit()
