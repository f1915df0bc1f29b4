"""A thread fails and its threading.excepthook ends the whole process with status 0."""
# kind: call
# class: outlive
# may: CRASH WRONG
import os
import threading
import time

threading.excepthook = lambda *ignored: os._exit(0)


def fail():
    time.sleep(0.002)
    raise ValueError


def solve(n):
    threading.Thread(target=fail).start()
    time.sleep(0.1)
    return 0
