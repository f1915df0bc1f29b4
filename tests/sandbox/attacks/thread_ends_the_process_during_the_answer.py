"""A thread calls os._exit(0) a moment after the answer is returned, while it is being written."""
# kind: call
# class: outlive
# may: WRONG CRASH INVALID
import os
import threading


def solve(n):
    threading.Timer(0.002, os._exit, (0,)).start()
    return ["0"] * 100_000
