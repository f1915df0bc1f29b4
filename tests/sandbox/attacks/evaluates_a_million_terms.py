"""Compiles, at run time, an expression of a million terms and one of a million signs."""
# kind: call
# class: compile-bomb
# may: EXCEPTION CRASH MEMORY TIMEOUT


def solve(n):
    try:
        return eval("+".join(["1"] * 1_000_000))
    except RecursionError:
        return eval("-" * 1_000_000 + "1")
