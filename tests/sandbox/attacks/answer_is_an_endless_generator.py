"""Returns a generator without end: hangs a judge that turns the answer into a list."""
# kind: call
# class: forged-answer
# may: INVALID


def solve(n):
    while True:
        yield 0
