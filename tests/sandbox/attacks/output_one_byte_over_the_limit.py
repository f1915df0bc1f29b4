"""Prints exactly one byte more than a limit of one megabyte, counted in both of the usual ways."""
# kind: stdin
# class: output-bomb
# may: OUTPUT WRONG
import os

data = memoryview(b"x" * (1_048_576 + 1))
while data:
    data = data[os.write(1, data) :]
