"""Fails, but its sys.excepthook prints a passing line and leaves with status 0."""
# kind: stdin
# class: builtins
# may: WRONG EXCEPTION CRASH
import os
import sys


def forge(*ignored):
    os.write(1, b"1 passed in 0.01s\n")
    os._exit(0)


sys.excepthook = sys.unraisablehook = forge
raise ValueError
