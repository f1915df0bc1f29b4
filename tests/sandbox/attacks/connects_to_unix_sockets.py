"""Connects to every Unix socket it can find as a path: display, message bus, agents, daemons of the host."""
# kind: call
# class: network
# may: WRONG
import os
import socket
import stat
import time
from contextlib import suppress
from pathlib import Path


def solve(n):
    deadline = time.perf_counter() + 0.5
    for top in ("/run", "/var/run", "/tmp", "/dev", "/var/lib"):
        for folder, _, names in os.walk(top):
            for name in names:
                path = Path(folder, name)
                with suppress(OSError), socket.socket(socket.AF_UNIX) as client:
                    if stat.S_ISSOCK(path.stat().st_mode):
                        client.settimeout(0.1)
                        client.connect(str(path))
                        return f"SPARRING_LEAK connected to {path}"
            if time.perf_counter() > deadline:
                return 0
    return 0
