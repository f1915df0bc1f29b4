"""Writes to stdout and stderr in turn: a judge that drains one pipe and then the other locks up."""
# kind: stdin
# class: output-bomb
# may: OUTPUT TIMEOUT
import os

while True:
    os.write(1, b"o" * 70_000)
    os.write(2, b"e" * 70_000)
