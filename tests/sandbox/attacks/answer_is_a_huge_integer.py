"""Returns an integer of a million bits: quick to make, slow or forbidden to write and
read as decimal text."""
# kind: call
# class: huge-integer
# may: WRONG INVALID OUTPUT EXCEPTION TIMEOUT


def solve(n):
    return 1 << 1_000_000
