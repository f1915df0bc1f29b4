"""Reports a failure at a line whose number has 5000 digits: whoever writes it as text gets an exception of his own."""
# kind: code
# class: denominators
# may: CRASH EXCEPTION
import sys


def solve(n):
    child = sys.modules["sandbox.inside.child"]
    child.exception_parts = lambda error: ("ValueError", "no", 10**5000)
    raise ValueError("no")
