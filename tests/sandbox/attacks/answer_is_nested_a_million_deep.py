"""Returns a list nested 10^6 deep: overflows the stack of a recursive encoder, or of the judge's decoder."""
# kind: call
# class: forged-answer
# may: INVALID MEMORY CRASH


def solve(n):
    answer = ()
    for _ in range(1_000_000):
        answer = (answer,)
    return answer
