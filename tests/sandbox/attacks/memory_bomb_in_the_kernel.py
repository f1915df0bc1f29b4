"""Fills pipes and sockets nobody reads: the bytes lie in the kernel and in no process."""
# kind: call
# class: memory-bomb
# may: WRONG MEMORY CRASH TIMEOUT
import os
import socket
from contextlib import suppress

held = []


def solve(n):
    with suppress(OSError):
        for _ in range(400):
            reader, writer = os.pipe()
            left, right = socket.socketpair()
            held.append((reader, left, right))
            for handle in (writer, left.fileno()):
                os.set_blocking(handle, False)
                with suppress(BlockingIOError):
                    while True:
                        os.write(handle, b"\1" * 65_536)
    return 0
