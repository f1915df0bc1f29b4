"""Makes a message queue with plain open() in /dev/mqueue, and reports a message that an earlier run left there."""
# kind: call
# class: poison
# may: WRONG
import ctypes
import os
import platform
from contextlib import suppress

SEND, RECEIVE = (182, 183) if platform.machine() == "aarch64" else (242, 243)
NOTE = b"left by an earlier run"


def solve(n):
    with suppress(OSError):
        libc, found = ctypes.CDLL(None), ctypes.create_string_buffer(8192)
        if os.listdir("/dev/mqueue"):
            return "SPARRING_LEAK a queue of an earlier run"
        queue = os.open("/dev/mqueue/sparring_poison", os.O_RDWR | os.O_CREAT | os.O_NONBLOCK)
        if libc.syscall(RECEIVE, queue, found, 8192, None, None) > 0:
            return "SPARRING_LEAK a message of an earlier run: " + found.value.decode("latin-1")
        libc.syscall(SEND, queue, NOTE, len(NOTE), 0, None)
    return 0
