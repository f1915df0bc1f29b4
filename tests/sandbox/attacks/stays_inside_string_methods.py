"""Counts and sorts in strings of megabytes over and over: each call is a long stay in
C, deaf to Python's signals."""
# kind: call
# class: resource-exhaustion
# may: TIMEOUT MEMORY


def solve(n):
    hay, needle = "a" * 4_000_000, "a" * 2_000_000 + "b" + "a" * 1_000_000
    while True:
        hay.count(needle)
        sorted(hay[:1_000_000])
