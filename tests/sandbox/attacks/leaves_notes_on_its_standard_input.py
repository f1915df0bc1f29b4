"""Leaves flags, a signal's number, an owner and a lock on its standard input, which every call might be given again."""
# kind: call
# class: poison
# may: WRONG
import fcntl
import os
from contextlib import suppress


def solve(n):
    found = [fcntl.fcntl(0, each) for each in (fcntl.F_GETFL, fcntl.F_GETSIG, fcntl.F_GETOWN)]
    if found[0] & (os.O_NONBLOCK | os.O_APPEND) or any(found[1:]):
        return "SPARRING_LEAK"
    with suppress(OSError):
        fcntl.fcntl(0, fcntl.F_SETFL, os.O_NONBLOCK | os.O_APPEND)
        fcntl.fcntl(0, fcntl.F_SETSIG, 40)
        fcntl.fcntl(0, fcntl.F_SETOWN, os.getppid())
        fcntl.flock(0, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return found
