"""Tries the same way out over IPv6, which rules written for IPv4 often forget, and over mapped addresses."""
# kind: call
# class: network
# may: WRONG
import socket
from contextlib import suppress


def solve(n):
    for host in ("2606:4700:4700::1111", "2001:4860:4860::8888", "::ffff:1.1.1.1", "64:ff9b::101:101"):
        with suppress(OSError), socket.socket(socket.AF_INET6) as client:
            client.settimeout(0.2)
            client.connect((host, 443))
            return f"SPARRING_LEAK connected to {host}"
    with suppress(OSError), socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"sparring", ("ff02::1%lo", 9999))
    return 0
