"""Returns a string of 48 million characters: fills the pipe, the judge's memory and the log."""
# kind: call
# class: forged-answer
# may: OUTPUT MEMORY INVALID WRONG


def solve(n):
    return "x" * 48_000_000
