"""Sleeps: uses no CPU time at all, so that only a limit on real time ends it."""
# kind: call
# class: stop
# may: TIMEOUT
import time


def solve(n):
    while True:
        time.sleep(3600)
