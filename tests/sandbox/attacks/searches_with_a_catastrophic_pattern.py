"""Matches a regular expression that tries 2^40 ways, in C and without looking at signals."""
# kind: call
# class: resource-exhaustion
# may: TIMEOUT
import re


def solve(n):
    return bool(re.match(r"(a+)+$", "a" * 40 + "b"))
