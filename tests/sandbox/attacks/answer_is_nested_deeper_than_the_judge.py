"""Returns lists nested a little under the candidate's own recursion limit: the judge's limit may be lower."""
# kind: call
# class: forged-answer
# may: WRONG INVALID CRASH
import sys


def solve(n):
    sys.setrecursionlimit(100_000)
    answer = []
    for _ in range(20_000):
        answer = [answer]
    return answer
