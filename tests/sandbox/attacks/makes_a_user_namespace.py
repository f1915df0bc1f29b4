"""Enters new user, mount, PID and network namespaces, where it would be root with every
capability, and mounts there."""
# kind: call
# class: filesystem
# may: WRONG CRASH
import ctypes
import os
from contextlib import suppress
from pathlib import Path

NEW_USER, NEW_MOUNTS, NEW_PIDS, NEW_NET = 0x10000000, 0x20000, 0x20000000, 0x40000000


def solve(n):
    with suppress(Exception):
        libc = ctypes.CDLL(None)
        me = os.getuid()
        libc.unshare(NEW_USER | NEW_MOUNTS | NEW_PIDS | NEW_NET)
        with suppress(OSError):
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"0 {me} 1")
        libc.mount(b"none", b"/tmp", b"tmpfs", 0, b"size=1g")
        Path("/tmp/poison").write_text("from a namespace of its own")
    return 0
