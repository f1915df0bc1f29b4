"""Takes half a gigabyte as System V and /dev/shm segments, which stay when the process is gone."""
# kind: call
# class: memory-bomb
# may: MEMORY CRASH WRONG TIMEOUT OUTPUT
# danger: takes 512 MB, and keeps it, where such segments are not counted
import ctypes
from contextlib import suppress
from pathlib import Path


def solve(n):
    with suppress(Exception):
        libc = ctypes.CDLL(None)
        libc.shmat.restype = ctypes.c_void_p
        for _ in range(16):
            segment = libc.shmget(0, ctypes.c_size_t(16_777_216), 0o1600)
            address = libc.shmat(segment, None, 0)
            if segment >= 0 and address not in (None, 2**64 - 1):
                ctypes.memset(address, 1, 16_777_216)
    with suppress(OSError), Path("/dev/shm/poison").open("wb") as file:
        for _ in range(256):
            file.write(b"\1" * 1_048_576)
    return 0
