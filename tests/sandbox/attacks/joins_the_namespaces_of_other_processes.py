"""Joins the namespaces of pid 1 and of its parent with setns, through their /proc links
and through pidfds."""
# kind: call
# class: filesystem
# may: WRONG CRASH
import ctypes
import os
from contextlib import suppress
from pathlib import Path


def solve(n):
    with suppress(Exception):
        libc = ctypes.CDLL(None)
        for pid in (1, os.getppid()):
            for kind in ("user", "mnt", "net", "pid", "ipc", "uts", "cgroup"):
                with suppress(OSError):
                    mine = Path(f"/proc/self/ns/{kind}").stat().st_ino
                    handle = os.open(f"/proc/{pid}/ns/{kind}", os.O_RDONLY)
                    if os.fstat(handle).st_ino != mine and libc.setns(handle, 0) == 0:
                        return f"SPARRING_LEAK joined the {kind} namespace of {pid}"
    return 0
