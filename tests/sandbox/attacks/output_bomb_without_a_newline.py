"""Writes one line that never ends: hurts readers that wait for a line."""
# kind: stdin
# class: output-bomb
# may: OUTPUT TIMEOUT
import sys

while True:
    sys.stdout.write("x" * 10_000)
