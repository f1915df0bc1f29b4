"""Opens terminals, file watches, timers and event counters until the machine's shared quotas are used up."""
# kind: call
# class: resource-exhaustion
# may: WRONG TIMEOUT CRASH
import ctypes
import os
from contextlib import suppress


def solve(n):
    held = []
    with suppress(Exception):
        libc = ctypes.CDLL(None)
        for _ in range(1_000):
            held += [libc.inotify_init(), libc.timerfd_create(1, 0), libc.eventfd(0, 0), libc.epoll_create(1)]
    with suppress(OSError):
        for _ in range(500):
            held += os.openpty()
    return 0
