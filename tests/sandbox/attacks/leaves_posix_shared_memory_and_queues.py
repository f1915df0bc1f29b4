"""Leaves POSIX shared memory, a message queue and a named semaphore, and reports those of an earlier run."""
# kind: call
# class: poison
# may: WRONG
import ctypes
import os
from contextlib import suppress

NAME = b"/sparring_poison"
CREATE = os.O_CREAT | os.O_RDWR


def solve(n):
    with suppress(Exception):
        libc = ctypes.CDLL(None)
        found = libc.shm_open(NAME, os.O_RDWR, 0o666) >= 0 or libc.mq_open(NAME, os.O_RDWR) >= 0
        handle = libc.shm_open(NAME, CREATE, 0o666)
        if handle >= 0:
            os.write(handle, b"left by an earlier run")
        libc.mq_open(NAME, CREATE, 0o666, None)
        libc.sem_open(NAME, CREATE, 0o666, 1)
        if found:
            return "SPARRING_LEAK a queue or shared memory of an earlier run"
    return 0
