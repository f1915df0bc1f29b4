"""Registers hooks that run around every later fork: they would fire in a worker that
forks from the same process."""
# kind: call
# class: outlive
# may: WRONG CRASH INVALID EXCEPTION
import os
from contextlib import suppress


def poison():
    for descriptor in range(1, 64):
        with suppress(OSError):
            os.write(descriptor, b"SPARRING_LEAK a fork hook of an earlier run\n")


def solve(n):
    os.register_at_fork(before=poison, after_in_parent=poison, after_in_child=poison)
    return 0
