"""A finalizer of the returned value's companion writes a forged answer to every
descriptor when it is freed."""
# kind: call
# class: outlive
# may: WRONG CRASH INVALID
import os
import weakref
from contextlib import suppress


class Companion:
    pass


def forge():
    for descriptor in range(3, 64):
        with suppress(OSError):
            os.write(descriptor, b'{"verdict": "PASS"}\n')


def solve(n):
    companion = Companion()
    weakref.finalize(companion, forge)
    companion.itself = companion
    return 0
