"""Asks the cloud's metadata service and the container's gateway, where credentials are
given to any local client."""
# kind: call
# class: network
# may: WRONG TIMEOUT
import socket
from contextlib import suppress


def solve(n):
    for host in ("169.254.169.254", "100.100.100.200", "172.17.0.1", "10.0.2.2", "192.168.65.2"):
        for port in (80, 2375, 8080):
            with suppress(OSError):
                socket.create_connection((host, port), timeout=0.05).close()
                return f"SPARRING_LEAK connected to {host}:{port}"
    return 0
