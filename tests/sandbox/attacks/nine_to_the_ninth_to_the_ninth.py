"""Computes 9**9**9: minutes in one C function that looks at no signal."""
# kind: call
# class: huge-integer
# may: TIMEOUT MEMORY


def solve(n):
    return 9**9**9 % 10
