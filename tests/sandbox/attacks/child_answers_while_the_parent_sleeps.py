"""A forked child answers and exits, while the process that the judge watches sleeps
with every descriptor open."""
# kind: call
# class: forged-output
# may: TIMEOUT WRONG CRASH
import os
import time


def solve(n):
    try:
        if os.fork():
            time.sleep(60)
    except OSError:
        return 0
    return 0
