"""Registers an exit handler that ends the process with status 0 before anything else can be reported."""
# kind: call
# class: outlive
# may: WRONG CRASH
import atexit
import os

atexit.register(os._exit, 0)


def solve(n):
    return 0
