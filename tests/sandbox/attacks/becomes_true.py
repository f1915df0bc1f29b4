"""Replaces itself by the program `true`, which exits with 0 and knows nothing of answers."""
# kind: call
# class: exit
# may: CRASH WRONG
import os
from contextlib import suppress


def solve(n):
    for path in ("/bin/true", "/usr/bin/true"):
        with suppress(OSError):
            os.execv(path, ["true"])
    return 0
