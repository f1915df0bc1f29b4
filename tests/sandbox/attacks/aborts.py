"""Calls os.abort(): dies of SIGABRT and would leave a core file in the working directory."""
# kind: call
# class: exit
# may: CRASH
import os


def solve(n):
    os.abort()
