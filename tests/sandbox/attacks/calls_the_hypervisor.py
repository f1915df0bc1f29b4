"""Connects to the virtual machine's host over vsock, a family that network namespaces
did not always cover."""
# kind: call
# class: network
# may: WRONG TIMEOUT
import socket
from contextlib import suppress


def solve(n):
    for host in (0, 1, 2):
        for port in (22, 53, 1024, 2375, 5000, 8080, 9999):
            with suppress(OSError, AttributeError):
                client = socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)
                client.settimeout(0.03)
                client.connect((host, port))
                return f"SPARRING_LEAK connected to vsock {host}:{port}"
    return 0
