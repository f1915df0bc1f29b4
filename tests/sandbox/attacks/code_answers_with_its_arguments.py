"""Mutates and returns its arguments, calls back into the tester's objects, and answers
each call differently."""
# kind: code
# class: other
# may: WRONG INVALID EXCEPTION

calls = []


def solve(n, *rest, **more):
    calls.append(n)
    return [calls, n, rest, more][len(calls) % 4]
