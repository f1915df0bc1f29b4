"""Prints a plausible line, skips every flush and handler with os._exit(0), and so looks like a success."""
# kind: stdin
# class: exit
# may: WRONG CRASH
import os

os.write(1, b"0\n")
os._exit(0)
