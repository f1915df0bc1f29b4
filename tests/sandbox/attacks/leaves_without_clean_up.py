"""Calls os._exit(0): no exception to catch, no handler to run, status 0."""
# kind: call
# class: exit
# may: CRASH
import os


def solve(n):
    os._exit(0)
