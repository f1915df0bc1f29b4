"""Recurses in a thread with the smallest stack there is: the guard page is reached
before the recursion limit."""
# kind: call
# class: recursion
# may: CRASH EXCEPTION WRONG MEMORY TIMEOUT
import sys
import threading


def descend(depth):
    return max([depth], key=lambda _: descend(depth + 1))


def solve(n):
    sys.setrecursionlimit(1_000_000)
    threading.stack_size(32_768)
    thread = threading.Thread(target=descend, args=(0,))
    thread.start()
    thread.join()
    return 0
