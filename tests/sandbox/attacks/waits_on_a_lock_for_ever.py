"""Waits for a lock it holds already: stuck in C, deaf to Python's signal handlers."""
# kind: call
# class: stop
# may: TIMEOUT
import threading


def solve(n):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
