"""Forks again whenever a fork fails: takes every free place in the process table the moment there is one."""
# kind: call
# class: fork-bomb
# may: TIMEOUT CRASH MEMORY
# danger: starts up to 2000 processes where their number is not limited
import os
import time


def solve(n):
    started = 0
    while True:
        try:
            if started < 2_000:
                if os.fork() == 0:
                    os.setsid()
                    time.sleep(10)
                    os._exit(0)
                started += 1
        except OSError:
            started -= 1
