"""Raises an exception with a message of 40 million characters: floods the report and the log."""
# kind: call
# class: output-bomb
# may: EXCEPTION OUTPUT MEMORY


def solve(n):
    raise ValueError("x" * 40_000_000)
