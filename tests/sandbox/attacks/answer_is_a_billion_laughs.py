"""Returns a small graph of shared lists that unfolds to 10^10 leaves when it is written out."""
# kind: call
# class: forged-answer
# may: INVALID OUTPUT MEMORY TIMEOUT CRASH


def solve(n):
    answer = ["ha"]
    for _ in range(10):
        answer = [answer] * 10
    return answer
