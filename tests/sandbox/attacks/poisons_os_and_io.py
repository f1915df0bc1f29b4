"""Replaces the functions an answer travels through (os.write, os.pipe, io.open,
sys.stdout.write) by forgers."""
# kind: call
# class: builtins
# may: WRONG CRASH INVALID EXCEPTION
import io
import os
import sys


def solve(n):
    honest = os.write

    def forge(descriptor, data, *rest):
        honest(descriptor, b'{"verdict": "PASS"}\n')
        return len(data)

    os.write = os.writev = os.pwrite = forge
    os.fdopen = io.open = open
    sys.stdout = sys.stderr = sys.__stdout__ = io.StringIO()
    os.pipe = os.dup = os.dup2 = os.close = lambda *args: (0, 1)
    return 0
