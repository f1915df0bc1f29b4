"""Prints for ever inside a call whose answer is a value: its output is data that nobody asked for."""
# kind: call
# class: output-bomb
# may: OUTPUT TIMEOUT


def solve(n):
    while True:
        print("x" * 1_000)
