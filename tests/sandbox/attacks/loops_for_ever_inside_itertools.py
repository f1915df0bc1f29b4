"""Drains an endless iterator into a deque of length zero: an endless loop without a
single Python instruction."""
# kind: call
# class: resource-exhaustion
# may: TIMEOUT
import itertools
from collections import deque


def solve(n):
    return len(deque(itertools.repeat(0), maxlen=0))
