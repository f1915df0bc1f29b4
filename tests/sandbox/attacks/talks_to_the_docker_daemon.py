"""Asks every container daemon's socket for its list of containers: whoever may talk to
it owns the machine."""
# kind: call
# class: filesystem
# may: WRONG
import os
import socket
from contextlib import suppress

PATHS = (
    "/var/run/docker.sock",
    "/run/docker.sock",
    "/run/containerd/containerd.sock",
    "/run/podman/podman.sock",
)


def solve(n):
    for path in (*PATHS, f"/run/user/{os.getuid()}/docker.sock", f"/run/user/{os.getuid()}/bus"):
        with suppress(OSError):
            client = socket.socket(socket.AF_UNIX)
            client.settimeout(0.2)
            client.connect(path)
            return f"SPARRING_LEAK connected to {path}"
    return 0
