"""Sends descriptors through sockets that nobody reads and drops both ends: they stay
open inside the kernel."""
# kind: call
# class: resource-exhaustion
# may: WRONG
import array
import socket
from contextlib import suppress


def solve(n):
    with suppress(OSError):
        for _ in range(500):
            left, right = socket.socketpair()
            rights = array.array("i", [left.fileno(), right.fileno()] * 50)
            left.sendmsg([b"0"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
            left.close()
            right.close()
    return 0
