"""Catches RecursionError at every level and recurses again there: 2^1000 calls within the recursion limit."""
# kind: call
# class: recursion
# may: TIMEOUT CRASH


def solve(n):
    try:
        solve(n)
    except RecursionError:
        pass
    finally:
        try:  # noqa: SIM105
            solve(n)
        except RecursionError:
            pass
    return 0
