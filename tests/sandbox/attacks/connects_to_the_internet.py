"""Opens TCP connections to well-known public addresses: to send out what it saw and to fetch an answer."""
# kind: call
# class: network
# may: WRONG
import socket
from contextlib import suppress


def solve(n):
    for address in (("1.1.1.1", 443), ("8.8.8.8", 53), ("9.9.9.9", 443)):
        with suppress(OSError):
            socket.create_connection(address, timeout=0.3).close()
            return f"SPARRING_LEAK connected to {address}"
    return 0
