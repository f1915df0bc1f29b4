"""Sets the 'immutable' and 'append only' attributes on its files, which even root
cannot delete while they last."""
# kind: call
# class: filesystem
# may: WRONG
import fcntl
import os
import struct
from contextlib import suppress
from pathlib import Path

SET_FLAGS, IMMUTABLE, APPEND_ONLY = 0x40086602, 0x10, 0x20


def solve(n):
    for folder in (".", "/tmp", "/dev/shm"):
        for name, flag in (("poison_immutable", IMMUTABLE), ("poison_append", APPEND_ONLY)):
            with suppress(OSError):
                path = Path(folder, name)
                path.touch()
                fcntl.ioctl(os.open(path, os.O_RDONLY), SET_FLAGS, struct.pack("l", flag))
    return 0
