"""Leaves extended attributes and an access list on the folders it may write to, for the next program to read."""
# kind: call
# class: poison
# may: WRONG
import os
from contextlib import suppress


def solve(n):
    for folder in (".", "/tmp", "/dev/shm"):
        for name in ("user.poison", "trusted.poison", "system.posix_acl_default"):
            with suppress(OSError):
                os.setxattr(folder, name, b"the answer was 5")
    return 0
