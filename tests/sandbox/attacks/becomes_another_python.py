"""Replaces itself by a fresh interpreter, free of the worker's limits and hooks inside
Python, and prints from there."""
# kind: stdin
# class: exit
# may: WRONG CRASH EXCEPTION
import os
import sys
from contextlib import suppress

with suppress(OSError, TypeError, ValueError):
    os.execv(sys.executable, [sys.executable, "-I", "-S", "-c", "print('1 passed in 0.01s')"])
print(0)
