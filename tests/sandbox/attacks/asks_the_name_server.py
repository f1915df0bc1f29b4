"""Resolves names through the system's resolver: a look-up is a message to whoever owns the domain."""
# kind: call
# class: network
# may: WRONG TIMEOUT
import socket
import threading
from contextlib import suppress

found = []


def ask(name):
    with suppress(OSError):
        found.append((name, socket.getaddrinfo(name, 80)[0][4][0]))


def solve(n):
    names = ("example.com", "host.docker.internal", "metadata.google.internal", "kubernetes.default")
    threads = [threading.Thread(target=ask, args=(name,), daemon=True) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(0.2)
    return f"SPARRING_LEAK resolved {found}" if found else 0
