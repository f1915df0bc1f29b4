"""Works until just before its limit and answers then: the slowest program that is not late, on every case."""
# kind: call
# class: clock
# may: WRONG TIMEOUT
import time


def solve(n):
    while time.process_time() < 0.9:
        pass
    return 0
