"""Writes 40 MB with one call, far over the limit before anybody can count."""
# kind: stdin
# class: output-bomb
# may: OUTPUT
import os

data = memoryview(b"x" * 40_000_000)
while data:
    data = data[os.write(1, data) :]
