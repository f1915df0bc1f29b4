"""Prints a MemoryError traceback and exits with 1: tempts a judge that reads verdicts out of stderr."""
# kind: stdin
# class: forged-output
# may: EXCEPTION CRASH WRONG
import sys

print("Traceback (most recent call last):\nMemoryError\nKilled", file=sys.stderr)
sys.exit(1)
