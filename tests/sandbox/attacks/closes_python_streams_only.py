"""Closes sys.stdout and sys.stderr in Python: the interpreter's own last flush and any
later print then fail."""
# kind: stdin
# class: descriptors
# may: WRONG EXCEPTION CRASH
import sys

print(0)
sys.stdout.close()
sys.stderr.close()
sys.stdin.close()
