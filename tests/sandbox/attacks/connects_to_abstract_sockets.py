"""Connects to abstract Unix sockets, which belong to the network namespace and ignore
every file permission."""
# kind: call
# class: network
# may: WRONG
import socket
from contextlib import suppress
from pathlib import Path


def solve(n):
    names = {"/tmp/.X11-unix/X0", "/tmp/dbus-poison", "docker", "containerd-shim"}
    with suppress(OSError):
        for line in Path("/proc/net/unix").read_text().splitlines()[1:]:
            names.update(word[1:] for word in line.split() if word.startswith("@"))
    for name in names:
        with suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.settimeout(0.1)
            client.connect("\0" + name)
            return f"SPARRING_LEAK connected to abstract socket {name}"
    return 0
