"""Installs a seccomp filter that makes exit fail, so that the process cannot end itself when it should."""
# kind: call
# class: other
# may: WRONG CRASH TIMEOUT
import ctypes
import platform
import struct
from contextlib import suppress

EXIT_GROUP = {"x86_64": 231, "aarch64": 94}
LOAD, JUMP_IF_EQUAL, RETURN, ALLOW, FAIL = 0x20, 0x15, 0x06, 0x7FFF0000, 0x00050001


def solve(n):
    with suppress(Exception):
        rules = [
            struct.pack("HBBI", LOAD, 0, 0, 0),
            struct.pack("HBBI", JUMP_IF_EQUAL, 0, 1, EXIT_GROUP[platform.machine()]),
            struct.pack("HBBI", RETURN, 0, 0, FAIL),
            struct.pack("HBBI", RETURN, 0, 0, ALLOW),
        ]
        code = ctypes.create_string_buffer(b"".join(rules))
        program = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(rules), ctypes.addressof(code)))
        libc = ctypes.CDLL(None)
        libc.prctl(38, 1, 0, 0, 0)
        libc.prctl(22, 2, program, 0, 0)
    return 0
