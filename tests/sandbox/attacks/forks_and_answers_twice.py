"""Forks inside the call, so that two processes return: a judge that reads frames sees one answer too many."""
# kind: call
# class: forged-output
# may: WRONG CRASH INVALID TIMEOUT
import os
from contextlib import suppress


def solve(n):
    with suppress(OSError):
        return int(os.fork() == 0)
    return 0
