"""Makes raw IP packets (an ICMP echo, a forged TCP segment), which firewalls written
for connections do not see."""
# kind: call
# class: network
# may: WRONG
import socket
from contextlib import suppress

ECHO = b"\x08\x00\xf7\xff\x00\x00\x00\x00"


def solve(n):
    for kind in (socket.SOCK_RAW, socket.SOCK_DGRAM):
        with suppress(OSError):
            sender = socket.socket(socket.AF_INET, kind, socket.IPPROTO_ICMP)
            sender.settimeout(0.2)
            sender.sendto(ECHO, ("1.1.1.1", 0))
            return "SPARRING_LEAK a raw packet left the machine"
    return 0
