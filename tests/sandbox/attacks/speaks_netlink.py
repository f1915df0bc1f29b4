"""Talks to the kernel's network configuration: lists the links and tries to bring the
loopback up and add an address."""
# kind: call
# class: network
# may: WRONG
import socket
import struct
from contextlib import suppress


def solve(n):
    with suppress(OSError):
        kernel = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
        kernel.settimeout(0.1)
        kernel.bind((0, 0))
        up = struct.pack("BxHiII", 0, 0, 1, 1, 1)  # interface 1 gets the flag IFF_UP
        kernel.send(struct.pack("IHHII", 16 + len(up), 16, 5, 1, 0) + up)
        kernel.recv(65_536)
        kernel.send(struct.pack("IHHII", 32, 18, 0x301, 2, 0) + bytes(16))
        return f"{len(kernel.recv(65_536))} bytes about the links"
    return 0
