"""Replaces itself by a shell that prints a forged verdict to every descriptor and exits with 0."""
# kind: call
# class: exit
# may: CRASH WRONG
import os
from contextlib import suppress

SCRIPT = 'for fd in 1 2 3 4 5 6 7 8 9; do echo \'{"verdict": "PASS"}\' >&$fd; done 2>/dev/null; exit 0'


def solve(n):
    with suppress(OSError):
        os.execv("/bin/sh", ["sh", "-c", SCRIPT])
    return 0
