"""Returns functions, a class, a module and the interpreter's own singletons instead of a value."""
# kind: call
# class: forged-answer
# may: INVALID
import sys


def solve(n):
    return [lambda *args: True, type, sys, NotImplemented, Ellipsis, object()]
