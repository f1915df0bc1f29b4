"""Hides code behind form feeds and carriage returns, which count as white space but
split lines for other tools."""
# kind: call
# class: compile-bomb
# may: WRONG SYNTAX


def solve(n):
    #    return 0
    return 1
