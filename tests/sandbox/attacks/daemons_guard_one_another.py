"""Leaves two daemons that restart each other when one of them is killed."""
# kind: call
# class: daemon
# may: WRONG
import os
import time
from contextlib import suppress


def guard(deadline):
    """Watch the other end of a pipe; when the partner dies, fork a new one."""
    while time.monotonic() < deadline:
        read, write = os.pipe()
        if os.fork() == 0:
            os.close(read)
            time.sleep(10)
            os._exit(0)
        os.close(write)
        os.read(read, 1)
        os.close(read)
    os._exit(0)


def solve(n):
    with suppress(OSError):
        if os.fork() == 0:
            os.setsid()
            with suppress(OSError):
                guard(time.monotonic() + 10)
            os._exit(0)
    return 0
