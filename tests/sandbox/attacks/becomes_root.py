"""Asks for uid 0 and for every capability back, then opens a file that only root may read."""
# kind: call
# class: filesystem
# may: WRONG
import os
from contextlib import suppress


def solve(n):
    before = os.getuid()
    for change in (
        lambda: os.setresgid(0, 0, 0),
        lambda: os.setresuid(0, 0, 0),
        lambda: os.setgroups([0, 4, 6, 27, 999]),
    ):
        with suppress(OSError):
            change()
    if before != 0 and os.getuid() == 0:
        return "SPARRING_LEAK became root"
    return 0
