"""Stores a key in the user's and the session's kernel keyring, which no file system
shows, and looks for an old one."""
# kind: call
# class: poison
# may: WRONG
import ctypes
import platform
from contextlib import suppress

ADD_KEY = {"x86_64": 248, "aarch64": 217}
USER_KEYRING, USER_SESSION_KEYRING, SESSION_KEYRING = -4, -5, -3


def solve(n):
    with suppress(Exception):
        syscall = ctypes.CDLL(None).syscall
        add = ADD_KEY[platform.machine()]
        found = syscall(add + 1, b"user", b"sparring_poison", None, 0) >= 0
        for ring in (USER_KEYRING, USER_SESSION_KEYRING, SESSION_KEYRING):
            syscall(add, b"user", b"sparring_poison", b"left", ctypes.c_size_t(4), ring)
        if found:
            return "SPARRING_LEAK a kernel key of an earlier run"
    return 0
