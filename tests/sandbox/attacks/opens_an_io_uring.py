"""Opens an io_uring, through which files and sockets are used without the system calls a filter looks at."""
# kind: call
# class: other
# may: WRONG CRASH
import ctypes
from contextlib import suppress


def solve(n):
    with suppress(Exception):
        room = ctypes.create_string_buffer(120)
        ring = ctypes.CDLL(None).syscall(425, 8, room)
        print("io_uring:", "refused" if ring < 0 else "open")
    return 0
