"""Leaves busy, non-daemon threads behind its answer: an interpreter that ends politely
waits for them for ever."""
# kind: call
# class: outlive
# may: WRONG TIMEOUT
import threading


def spin():
    while True:
        pass


def solve(n):
    for _ in range(4):
        threading.Thread(target=spin).start()
    return 0
