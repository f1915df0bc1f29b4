"""Returns a dictionary whose keys become equal once they are written as JSON text, and
a set with many NaNs."""
# kind: call
# class: forged-answer
# may: WRONG INVALID


def solve(n):
    return {
        1: "a",
        "1": "b",
        1.5: "c",
        "1.5": "d",
        None: "e",
        "null": "f",
        (1,): {float("nan"), float("nan")},
    }
