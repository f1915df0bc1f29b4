"""Installs a profile function that leaves with status 0 as soon as any code of the worker runs."""
# kind: call
# class: builtins
# may: WRONG CRASH EXCEPTION
import os
import sys


def leave(frame, event, argument):
    if frame.f_code.co_name != "solve":
        os._exit(0)


def solve(n):
    sys.setprofile(leave)
    return 0
