"""Sleeps in C without releasing the interpreter's lock: no other thread of its process,
no watchdog, runs again."""
# kind: call
# class: stop
# may: TIMEOUT
import ctypes


def solve(n):
    while True:
        ctypes.PyDLL(None).sleep(60)
