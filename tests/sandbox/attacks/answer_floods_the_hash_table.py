"""Returns a set and a dictionary whose keys all collide: rebuilding them costs the judge quadratic time."""
# kind: call
# class: forged-answer
# may: WRONG INVALID TIMEOUT

MODULUS = 2**61 - 1  # hash(k * MODULUS) is 0 for every k


def solve(n):
    keys = [k * MODULUS for k in range(1, 3_000)]
    return [set(keys), dict.fromkeys(keys)]
