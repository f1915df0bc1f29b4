"""Returns a million small integers: cheap to make, expensive for a judge that spends a
Python object on each."""
# kind: call
# class: forged-answer
# may: OUTPUT MEMORY INVALID WRONG TIMEOUT


def solve(n):
    return [0] * 1_000_000
