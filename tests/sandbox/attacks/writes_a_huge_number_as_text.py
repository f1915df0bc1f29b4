"""Turns an integer of ten million digits into text, with Python's own guard against that switched off."""
# kind: call
# class: huge-integer
# may: TIMEOUT
import sys


def solve(n):
    sys.set_int_max_str_digits(0)
    return len(str(1 << 33_000_000))
