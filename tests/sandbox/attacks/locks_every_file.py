"""Takes exclusive locks and leases on every file it can open and forks a child to hold
them: a judge's lock waits."""
# kind: call
# class: descriptors
# may: WRONG
import fcntl
import os
import sys
import time
from contextlib import suppress


def solve(n):
    handles = list(range(256))
    for path in ("/tmp", ".", "/etc/passwd", sys.executable, os.__file__):
        with suppress(OSError):
            handles.append(os.open(path, os.O_RDONLY))
    for handle in handles:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with suppress(OSError):
        if os.fork() == 0:
            time.sleep(20)
            os._exit(0)
    return 0
