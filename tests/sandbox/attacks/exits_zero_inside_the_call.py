"""Calls sys.exit(0) instead of answering: passes graders that read the exit status as the verdict."""
# kind: call
# class: exit
# may: EXCEPTION CRASH
import sys


def solve(n):
    sys.exit(0)
