"""Looks for a proxy in the environment and in configuration files, and sends its request through it."""
# kind: call
# class: network
# may: WRONG
import os
import re
import socket
from contextlib import suppress
from pathlib import Path


def solve(n):
    texts = [value for name, value in os.environ.items() if name.lower().endswith("_proxy")]
    for path in ("/etc/environment", "/etc/pip.conf", "/etc/apt/apt.conf.d/proxy.conf", "/etc/wgetrc"):
        with suppress(OSError):
            texts.append(Path(path).read_text())
    for host, port in re.findall(r"https?://(?:[^@/\s]+@)?([\w.-]+):(\d+)", " ".join(texts)):
        with suppress(OSError):
            socket.create_connection((host, int(port)), timeout=0.2).close()
            return "SPARRING_LEAK connected through a proxy"
    return 0
