"""Stops itself over and over while a child wakes it: the worker's wait sees stops and
continues without end."""
# kind: call
# class: stop
# may: TIMEOUT CRASH
import os
import signal
import time
from contextlib import suppress


def solve(n):
    me = os.getpid()
    try:
        child = os.fork()
    except OSError:
        child = None
    if child == 0:
        with suppress(OSError):
            while True:
                time.sleep(0.001)
                os.kill(me, signal.SIGCONT)
        os._exit(0)
    while True:
        os.kill(me, signal.SIGSTOP)
