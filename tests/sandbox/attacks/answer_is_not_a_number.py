"""Returns NaN: passes tolerance checks written as `not (difference > tolerance)`."""
# kind: call
# class: forged-answer
# may: WRONG


def solve(n):
    return float("nan")
