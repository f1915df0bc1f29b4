"""Looks for the host's own services on the loopback addresses: databases, model
servers, debuggers, the judge."""
# kind: call
# class: network
# may: WRONG
import socket
from contextlib import suppress

PORTS = [
    *range(1, 1025),
    2375,
    3000,
    3306,
    5000,
    5432,
    6006,
    6379,
    8000,
    8080,
    8265,
    8888,
    9090,
    9229,
    11434,
    27017,
]


def solve(n):
    for host in ("127.0.0.1", "127.0.0.53", "0.0.0.0", "::1"):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        for port in PORTS:
            with suppress(OSError), socket.socket(family) as client:
                client.settimeout(0.02)
                if client.connect_ex((host, port)) == 0:
                    return f"SPARRING_LEAK something listens on {host}:{port}"
    return 0
