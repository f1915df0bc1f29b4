"""Mounts file systems (tmpfs, proc, a bind of the root, a read-write remount) over
folders the worker uses."""
# kind: call
# class: filesystem
# may: WRONG CRASH
# danger: mounts over system folders where it has the right to
import ctypes
from contextlib import suppress

READ_ONLY_OFF, BIND = 0x20, 0x1000


def solve(n):
    with suppress(Exception):
        mount = ctypes.CDLL(None).mount
        done = [
            mount(b"none", b"/", None, READ_ONLY_OFF, None) == 0,
            mount(b"none", b"/tmp", b"tmpfs", 0, b"size=1g") == 0,
            mount(b"none", b"/proc", b"proc", 0, None) == 0,
            mount(b"/", b"/mnt", None, BIND, None) == 0,
        ]
        if any(done):
            return f"SPARRING_LEAK mounted: {done}"
    return 0
