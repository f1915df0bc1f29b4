"""Opens a packet socket and listens to the network's traffic, then sends a frame of its own."""
# kind: call
# class: network
# may: WRONG
import socket
from contextlib import suppress


def solve(n):
    with suppress(OSError):
        ear = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        ear.settimeout(0.3)
        frame, source = ear.recvfrom(65_536)
        if source[0] != "lo":
            return f"SPARRING_LEAK heard {len(frame)} bytes on {source[0]}"
    return 0
