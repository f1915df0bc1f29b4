"""Prints for ever on stderr, which many judges neither limit nor read."""
# kind: stdin
# class: output-bomb
# may: OUTPUT TIMEOUT
import sys

while True:
    print("all work and no play", file=sys.stderr)
